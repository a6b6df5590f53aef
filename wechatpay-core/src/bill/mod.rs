//! Bills (账单): ask for one, download it, check it, read it row by row.
//!
//! ```
//! use wechatpay_core::bill::{AskTradeBill, BillReader};
//!
//! # use serde_json::json;
//! # use wechatpay_core::Method;
//! # use wechatpay_gateway::{Gateway, GatewayResponse};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let gateway = Gateway::start()?;
//! # let link = json!({
//! #     "hash_type": "SHA1",
//! #     "hash_value": "e7cb7dbd8c24034e37313b10cec62cf54c92f88e",
//! #     "download_url": format!("{}/v3/billdownload/file?token=t", gateway.url()),
//! # });
//! # gateway.on(Method::GET, "/v3/bill/tradebill", move |_| link.clone());
//! # gateway.on(Method::GET, "/v3/billdownload/file", |_| {
//! #     GatewayResponse::bytes("text/plain", "商户订单号,订单金额\n`A1,`0.01\n总交易单数,订单总金额\n`1,`0.01\n")
//! # });
//! # let client = gateway.client()?;
//! let link = AskTradeBill::on("2026-11-20").send(&client).await?;
//! let mut bill = BillReader::new(client.download_bill(&link).await?);
//! let mut total = 0;
//! while let Some(row) = bill.next_row().await? {
//!     println!("{:?}", row.get("商户订单号"));
//!     total += row.fen("订单金额")?;
//! }
//! // Only now the digest is checked, and the summary is there.
//! if let Some(summary) = bill.summary() {
//!     assert_eq!(summary.fen("订单总金额")?, total);
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
//! Lines of UTF-8 text. The first line has the names of the columns, in Chinese. Each order is one line. Every cell of it
//! begins with a backquote, so that spreadsheets treat it as text. The last two lines are the summary: names and values.
//! Nothing is escaped. A comma that separates cells is followed by a backquote, a comma inside a cell is not. In older
//! profit sharing bills some columns have no backquotes. The first line in which every comma is a separator decides which
//! columns these are. A line that can be read in more than one way is an error, because its text may be meant to shift
//! the amounts.
//! Amounts are in yuan with two decimals: [`fen`] and [`parse_fen`] read them exactly. Times are Beijing's
//! (`2026-11-20 13:29:35`), without an offset.

mod ask;
mod decode;
mod error;
mod lines;
mod link;
pub(crate) mod money;
mod parser;
mod reader;
mod row;
mod rows;
mod split;

pub use ask::{AskFundFlowBill, AskProfitSharingBill, AskTradeBill, Compression, FundAccount, TradeBillKind};
pub use error::BillError;
pub use link::BillLink;
pub use money::{fen, optional_fen, parse_fen};
pub use reader::{BillReader, BlockingBillReader};
pub use row::Row;
pub use rows::{FundFlowBillRow, FundFlowBillSummary, TradeBillRow, TradeBillSummary};
