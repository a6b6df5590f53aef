use wechatpay_core::{Client, Error};

pub async fn send(_: &Client) -> Result<(), Error> {
    Ok(())
}
