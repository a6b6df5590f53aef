//! Bills (账单): ask for one, download it, check it, read it row by row.
//!
//! ```no_run
//! use wechatpay_core::{Client, bill::{AskTradeBill, BillReader, TradeBillRow}};
//!
//! # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
//! let link = AskTradeBill::on("2026-11-20").send(client).await?;
//! let mut bill = BillReader::new(client.download_bill(&link).await?);
//! while let Some(row) = bill.next_row().await? {
//!     let row: TradeBillRow = row.decode()?;
//!     println!("{} {} {} fen", row.out_trade_no, row.trade_state, row.total);
//! }
//! // Only now the digest is checked, and the summary is there.
//! if let Some(summary) = bill.summary() {
//!     println!("{:?} orders", summary.get("总交易单数"));
//! }
//! # Ok(()) }
//! ```
//!
//! A bill is read as it comes in, one row at a time, so its size does not matter: a million rows need as much memory as
//! ten. The reverse of it is that rows are handed out before the digest at the end is checked. Book nothing for good
//! before [`next_row`](BillReader::next_row) has given `None`; or [save](crate::Download::save) the file first, which
//! checks it, and read it from there.
//!
//! # The format
//! Text in UTF-8, in lines. The first line names the columns, in Chinese. Then a line for each order, in which every
//! cell has a backquote before it, so that a spreadsheet takes it for text. Then two lines of summary, names and values.
//! Nothing is quoted or escaped; a comma inside a cell is told from one between cells by the backquote after it.
//! Amounts are in yuan with two decimals: [`fen`] and [`parse_fen`] read them exactly. Times are Beijing's
//! (`2026-11-20 13:29:35`), without an offset.

mod ask;
mod decode;
mod error;
mod lines;
mod link;
mod money;
mod parser;
mod reader;
mod row;
mod rows;

pub use ask::{AskFundFlowBill, AskProfitSharingBill, AskTradeBill, Compression, FundAccount, TradeBillKind};
pub use error::BillError;
pub use link::BillLink;
pub use money::{fen, optional_fen, parse_fen};
pub use reader::{BillReader, BlockingBillReader};
pub use row::Row;
pub use rows::{FundFlowBillRow, FundFlowBillSummary, TradeBillRow, TradeBillSummary};
