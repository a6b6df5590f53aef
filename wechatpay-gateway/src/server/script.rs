//! Scripts that write to the socket directly, because the HTTP library sends valid HTTP only.

use std::{io, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

use crate::response::signed::SignedResponse;

/// How a response is sent.
pub(crate) enum Delivery {
    /// By the HTTP library.
    Response(SignedResponse),
    /// By a script, which takes the connection over.
    Script(Script),
}

/// One action on a connection.
pub(crate) enum Step {
    Write(Bytes),
    /// Sends one byte at a time, with a pause after each.
    Dribble(Bytes, Duration),
    Repeat(Bytes, u64),
    Forever(Bytes),
    /// Sends nothing until the client disconnects.
    Silence,
    /// Neither reads nor writes for 60 seconds, longer than the timeout of a client.
    Stall,
    /// Closes the connection (TCP FIN).
    Close,
    /// Resets the connection (TCP RST).
    Reset,
}

/// A sequence of steps.
pub(crate) struct Script(Vec<Step>);

impl Script {
    pub(crate) fn new(steps: impl Into<Vec<Step>>) -> Self {
        Self(steps.into())
    }

    /// Runs the steps. A disconnect of the client is ignored, because most scripts are meant to cause it.
    pub(crate) async fn play(self, mut stream: TcpStream) {
        for step in self.0 {
            if step.take(&mut stream).await.is_err() {
                return;
            }
        }
    }
}

impl Step {
    async fn take(self, stream: &mut TcpStream) -> io::Result<()> {
        match self {
            Self::Write(bytes) => stream.write_all(&bytes).await,
            Self::Dribble(bytes, pause) => {
                for byte in bytes {
                    stream.write_all(&[byte]).await?;
                    sleep(pause).await;
                }
                Ok(())
            }
            Self::Repeat(bytes, times) => {
                for _ in 0..times {
                    stream.write_all(&bytes).await?;
                }
                Ok(())
            }
            Self::Forever(bytes) => loop {
                stream.write_all(&bytes).await?;
            },
            Self::Silence => {
                let mut ignored = [0; 4096];
                while stream.read(&mut ignored).await? > 0 {}
                Ok(())
            }
            Self::Stall => {
                sleep(Duration::from_secs(60)).await;
                Ok(())
            }
            Self::Close => stream.shutdown().await,
            Self::Reset => stream.set_zero_linger(),
        }
    }
}
