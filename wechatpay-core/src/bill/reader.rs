//! A bill from a download, a file, or any other stream.

use super::{
    BillError, Row,
    parser::{Parser, Step},
};
use crate::download::Download;
use serde::Deserialize;
use std::{fmt, io, path::Path, pin::Pin};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How much is read at a time.
const PIECE: usize = 64 << 10;

/// Reads a bill (账单) row by row, as it comes in.
///
/// ```
/// # async fn example() -> Result<(), wechatpay_core::bill::BillError> {
/// use wechatpay_core::bill::BillReader;
///
/// let text: &[u8] = "商户订单号,订单金额\r\n`A1,`0.01\r\n`A2,`12.30\r\n总交易单数,订单总金额\r\n`2,`12.31\r\n".as_bytes();
/// let mut bill = BillReader::from_async_read(text);
/// let mut total = 0;
/// while let Some(row) = bill.next_row().await? {
///     println!("{:?}", row.get("商户订单号"));
///     total += row.fen("订单金额")?;
/// }
/// let summary = bill.summary().expect("this one has a summary");
/// assert_eq!(summary.fen("订单总金额")?, total);
/// # Ok(()) }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(example()).unwrap();
/// ```
pub struct BillReader {
    source: Source,
    parser: Parser,
}

enum Source {
    Download(Box<Download>),
    Stream {
        stream: Pin<Box<dyn AsyncRead + Send>>,
        piece: Box<[u8]>,
    },
}

impl fmt::Debug for BillReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BillReader")
            .field("columns", &self.columns())
            .finish_non_exhaustive()
    }
}

impl BillReader {
    /// Reads a bill as it is downloaded; see [`Client::download_bill`](crate::Client::download_bill).
    ///
    /// ```
    /// use wechatpay_core::{Download, Method, bill::BillReader};
    /// use wechatpay_gateway::{Gateway, GatewayResponse};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::GET, "/v3/billdownload/file", |_| GatewayResponse::bytes("text/plain", "商户订单号\n`A1\n"));
    /// let url = format!("{}/v3/billdownload/file?token=t", gateway.url());
    /// let mut bill = BillReader::new(gateway.client()?.download(&url).await?);
    /// assert_eq!(bill.next_row().await?.and_then(|row| row.get("商户订单号")), Some("A1"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(download: Download) -> Self {
        Self::of(Source::Download(Box::new(download)))
    }

    /// Reads a bill from a file.
    ///
    /// ```
    /// use wechatpay_core::bill::BillReader;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let path = std::env::temp_dir().join(format!("wechatpay-bill-{}.csv", std::process::id()));
    /// # std::fs::write(&path, "商户订单号\n`A1\n")?;
    /// let mut bill = BillReader::open(&path).await?;
    /// while let Some(row) = bill.next_row().await? {
    ///     assert_eq!(row.get("商户订单号"), Some("A1"));
    /// }
    /// # std::fs::remove_file(&path)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(Self::from_async_read(tokio::fs::File::open(path).await?))
    }

    /// Reads a bill from anything that can be read. It is read in large pieces, so the source needs no buffer.
    pub fn from_async_read(stream: impl AsyncRead + Send + 'static) -> Self {
        Self::of(Source::Stream {
            stream: Box::pin(stream),
            piece: vec![0; PIECE].into(),
        })
    }

    fn of(source: Source) -> Self {
        Self {
            source,
            parser: Parser::default(),
        }
    }

    /// The next row; `None` at the end of the bill. A download's digest is checked by then.
    ///
    /// # Errors
    /// When the bill cannot be read or is not one; at the end of a download also when the digest does not fit.
    pub async fn next_row(&mut self) -> Result<Option<Row<'_>>, BillError> {
        loop {
            match self.parser.step()? {
                Step::Row => return Ok(Some(self.parser.row())),
                Step::End => return Ok(None),
                Step::More => {}
            }
            match &mut self.source {
                Source::Download(download) => match download.chunk().await? {
                    Some(chunk) => self.parser.push(&chunk),
                    None => self.parser.end(),
                },
                Source::Stream { stream, piece } => match stream.read(piece).await? {
                    0 => self.parser.end(),
                    length => self.parser.push(piece.get(..length).unwrap_or_default()),
                },
            }
        }
    }

    /// The next row [decoded](Row::decode); `None` at the end of the bill.
    ///
    /// ```
    /// use serde::Deserialize;
    /// use wechatpay_core::bill::{BillReader, fen};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// #[derive(Debug, Deserialize)]
    /// struct Order {
    ///     #[serde(rename = "商户订单号")]
    ///     out_trade_no: String,
    ///     #[serde(rename = "订单金额", deserialize_with = "fen")]
    ///     total: i64,
    /// }
    ///
    /// let mut bill = BillReader::from_async_read("商户订单号,订单金额\n`A1,`0.01\n".as_bytes());
    /// while let Some(order) = bill.next_as::<Order>().await? {
    ///     assert_eq!((order.out_trade_no.as_str(), order.total), ("A1", 1));
    /// }
    /// assert_eq!(bill.columns(), ["商户订单号", "订单金额"]);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`next_row`](Self::next_row) and [`Row::decode`].
    pub async fn next_as<T: for<'a> Deserialize<'a>>(&mut self) -> Result<Option<T>, BillError> {
        self.next_row().await?.map(|row| row.decode()).transpose()
    }

    /// The names of the columns; none before the first row was asked for.
    ///
    /// ```
    /// use wechatpay_core::bill::BillReader;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut bill = BillReader::from_async_read("商户订单号,订单金额\n`A1,`0.01\n".as_bytes());
    /// assert!(bill.columns().is_empty());
    /// bill.next_row().await?;
    /// assert_eq!(bill.columns(), ["商户订单号", "订单金额"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.parser.columns()
    }

    /// The summary; none before the end of the bill, and in bills that have none.
    #[must_use]
    pub fn summary(&self) -> Option<Row<'_>> {
        self.parser.summary()
    }
}

/// Reads a bill without async: from a `std::fs::File`, or anything else that is `Read`. For the rest see
/// [`BillReader`].
///
/// ```
/// use wechatpay_core::bill::{BlockingBillReader, TradeBillSummary, fen};
///
/// #[derive(serde::Deserialize)]
/// struct Order {
///     #[serde(rename = "订单金额", deserialize_with = "fen")]
///     total: i64,
/// }
///
/// let text = "商户订单号,订单金额\n`A1,`0.01\n`A2,`12.30\n总交易单数,订单总金额\n`2,`12.31\n";
/// let mut bill = BlockingBillReader::new(text.as_bytes());
///
/// // A row can be looked at by the names of its columns,
/// let first = bill.next_row()?.expect("there are two rows");
/// assert_eq!(first.get("商户订单号"), Some("A1"));
/// assert_eq!(bill.columns(), ["商户订单号", "订单金额"]);
/// // or decoded into a struct.
/// while let Some(order) = bill.next_as::<Order>()? {
///     assert_eq!(order.total, 1230);
/// }
/// let summary: TradeBillSummary = bill.summary().expect("this one has a summary").decode()?;
/// assert_eq!((summary.count, summary.total), (2, Some(1231)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct BlockingBillReader<R> {
    stream: R,
    piece: Box<[u8]>,
    parser: Parser,
}

impl<R> fmt::Debug for BlockingBillReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingBillReader")
            .field("columns", &self.columns())
            .finish_non_exhaustive()
    }
}

impl<R> BlockingBillReader<R> {
    /// The names of the columns; none before the first row was asked for.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.parser.columns()
    }

    /// The summary; none before the end of the bill, and in bills that have none.
    #[must_use]
    pub fn summary(&self) -> Option<Row<'_>> {
        self.parser.summary()
    }
}

impl<R: io::Read> BlockingBillReader<R> {
    /// Reads a bill from `stream`, in large pieces, so the stream needs no buffer.
    pub fn new(stream: R) -> Self {
        Self {
            stream,
            piece: vec![0; PIECE].into(),
            parser: Parser::default(),
        }
    }

    /// The next row; `None` at the end of the bill.
    ///
    /// # Errors
    /// When the bill cannot be read or is not one.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, BillError> {
        loop {
            match self.parser.step()? {
                Step::Row => return Ok(Some(self.parser.row())),
                Step::End => return Ok(None),
                Step::More => {}
            }
            match self.stream.read(&mut self.piece) {
                Ok(0) => self.parser.end(),
                Ok(length) => self.parser.push(self.piece.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The next row [decoded](Row::decode); `None` at the end of the bill.
    ///
    /// # Errors
    /// As [`next_row`](Self::next_row) and [`Row::decode`].
    pub fn next_as<T: for<'a> Deserialize<'a>>(&mut self) -> Result<Option<T>, BillError> {
        self.next_row()?.map(|row| row.decode()).transpose()
    }
}
