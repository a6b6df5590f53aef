//! What happens on the socket itself, where an HTTP library would insist on good manners.

use std::{io, time::Duration};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

use crate::response::signed::SignedResponse;

/// How an answer goes out.
pub(crate) enum Delivery {
    /// By the HTTP library, as it should be.
    Response(SignedResponse),
    /// By hand. The HTTP library lets go of the connection.
    Script(Script),
}

/// One thing done with a connection.
pub(crate) enum Step {
    Write(Bytes),
    /// A byte, a pause, a byte, ..
    Dribble(Bytes, Duration),
    Repeat(Bytes, u64),
    Forever(Bytes),
    /// Says nothing until the client goes.
    Silence,
    /// Neither reads nor writes, for longer than a client should wait.
    Stall,
    /// Ends the connection in good order (TCP FIN).
    Close,
    /// Breaks the connection off (TCP RST).
    Reset,
}

/// Steps in their order.
pub(crate) struct Script(Vec<Step>);

impl Script {
    pub(crate) fn new(steps: impl Into<Vec<Step>>) -> Self {
        Self(steps.into())
    }

    /// Plays the steps. That the client goes away meanwhile is no error: it is what most scripts are meant to cause.
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
