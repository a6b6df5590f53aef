//! A trade bill that is written as it is read, so that nothing but its reader needs memory.

use std::{
    fmt::Write as _,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::io::{AsyncRead, ReadBuf};

const COLUMNS: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n";
const SUMMARY: &str =
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n";

/// A bill of so many payments. Row `n` has the number `A{n}` and the amount [`fen_of`]`(n)`.
pub struct Bill {
    rows: u64,
    next: u64,
    total: u64,
    text: String,
    taken: usize,
}

impl Bill {
    /// A bill of so many rows.
    pub fn new(rows: u64) -> Self {
        Self {
            rows,
            next: 0,
            total: 0,
            text: format!("\u{feff}{COLUMNS}"),
            taken: 0,
        }
    }

    /// Writes the next line; nothing after the last.
    fn write_line(&mut self) {
        let (row, yuan) = (self.next, |fen: u64| format!("{}.{:02}", fen / 100, fen % 100));
        self.text.clear();
        self.taken = 0;
        self.next += 1;
        if row < self.rows {
            let fen = fen_of(row);
            self.total += fen;
            let total = yuan(fen);
            let _ = write!(
                self.text,
                "`2026-11-20 13:29:35,`wx2421b1c4370ec43b,`1900000001,`0,`,`42000009252021012{row:011},`A{row},\
                 `oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`{total},`0.00,`0,`0,`0.00,`0.00,`,`,`茶叶 100g,\
                 `附加数据,`0.00000,`0.60%,`{total},`0.00,`\r\n"
            );
        } else if row == self.rows {
            let total = yuan(self.total);
            let _ = write!(
                self.text,
                "{SUMMARY}`{row},`{total},`0.00,`0.00,`0.00000,`{total},`0.00\r\n"
            );
        }
    }
}

/// The amount of a row.
pub fn fen_of(row: u64) -> u64 {
    row % 100_000
}

impl AsyncRead for Bill {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        loop {
            let rest = self.text.as_bytes().get(self.taken..).unwrap_or_default();
            let length = rest.len().min(buffer.remaining());
            buffer.put_slice(rest.get(..length).unwrap_or_default());
            self.taken += length;
            if buffer.remaining() == 0 || self.next > self.rows {
                return Poll::Ready(Ok(()));
            }
            self.write_line();
        }
    }
}
