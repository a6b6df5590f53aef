//! The shop as a program: a web server and a worker. Start as many processes on one database as you like.

use tokio::net::TcpListener;
use wechatpay_shop::{Result, config, database::Database, page, shop::Shop, worker};

#[tokio::main]
async fn main() -> Result {
    // The client logs each call with its Request-ID at this level.
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_writer(std::io::stderr)
        .init();

    let settings = config::Settings::from_env()?;
    let (client, gateway) = config::service()?;
    let listener = TcpListener::bind(settings.listen).await?;
    let address = listener.local_addr()?;
    let database = Database::open(&settings.database_url).await?;
    let shop = Shop::new(database, client, &settings, address).console(gateway.as_ref());

    // On standard output, so that a program that starts the shop on port 0 can read the port.
    config::announce(address)?;
    tokio::select! {
        served = axum::serve(listener, page::router(shop.clone())) => served?,
        () = worker::run(&shop) => {}
        // What was claimed is claimed again by another process when the lease is over.
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}
