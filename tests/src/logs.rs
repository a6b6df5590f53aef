//! Captures the log: as text, at every level and of every library, or as events, as a usual subscriber formats them.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tracing::{
    Event, Level, Subscriber,
    field::{Field, Visit},
    subscriber::DefaultGuard,
};
use tracing_subscriber::{
    Layer, Registry,
    filter::LevelFilter,
    fmt::{MakeWriter, format::FmtSpan},
    layer::{Context, SubscriberExt as _},
};

/// The log of this process.
#[derive(Debug, Default)]
pub struct Log(Mutex<Vec<u8>>);

impl Log {
    /// Starts capturing at TRACE, with the fields of every span. All callers share one log.
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

    /// The text that was logged so far.
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

/// One event of this project.
#[derive(Debug, Clone)]
pub struct Logged {
    pub level: Level,
    /// The fields by name, as text. The message of the event is `message`.
    pub fields: BTreeMap<String, String>,
}

impl Logged {
    /// The text of a field. Empty if the event does not have it.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// The events of this thread from INFO on, without spans: what a usual subscriber shows.
pub struct Events {
    events: Arc<Mutex<Vec<Logged>>>,
    _guard: DefaultGuard,
}

impl Events {
    /// Starts collecting, until dropped.
    pub fn from_info() -> Self {
        Self::from(LevelFilter::INFO)
    }

    /// Starts collecting at this level, until dropped.
    pub fn from(level: LevelFilter) -> Self {
        let events = Arc::<Mutex<Vec<Logged>>>::default();
        let layer = Collecting(Arc::clone(&events)).with_filter(level);
        Self {
            _guard: tracing::subscriber::set_default(Registry::default().with(layer)),
            events,
        }
    }

    /// The events since the last call.
    pub fn take(&self) -> Vec<Logged> {
        std::mem::take(&mut self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Collecting(Arc<Mutex<Vec<Logged>>>);

impl<S: Subscriber> Layer<S> for Collecting {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !event.metadata().target().starts_with("wechatpay") {
            return;
        }
        let mut fields = Fields(BTreeMap::new());
        event.record(&mut fields);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Logged {
            level: *event.metadata().level(),
            fields: fields.0,
        });
    }
}

struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}
