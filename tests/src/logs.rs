//! Everything that is logged, at every level, by every library.

use std::{
    io::{self, Write},
    sync::{Mutex, OnceLock, PoisonError},
};
use tracing_subscriber::{filter::LevelFilter, fmt::MakeWriter, fmt::format::FmtSpan};

/// The log of this process.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<u8>>);

impl Log {
    /// Begins to take the log, at TRACE, with the fields of every span. The same log for all who ask.
    pub fn start() -> &'static Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        static STARTED: OnceLock<()> = OnceLock::new();
        let log = LOG.get_or_init(Self::default);
        STARTED.get_or_init(|| {
            tracing_subscriber::fmt()
                .with_max_level(LevelFilter::TRACE)
                .with_span_events(FmtSpan::FULL)
                .with_ansi(false)
                .with_writer(Writer(log))
                .init();
        });
        log
    }

    /// What was logged until now.
    pub fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

struct Writer(&'static Log);

impl<'a> MakeWriter<'a> for Writer {
    type Writer = Lines;

    fn make_writer(&'a self) -> Lines {
        Lines(self.0)
    }
}

struct Lines(&'static Log);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
