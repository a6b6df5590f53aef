//! Starting, saying so, and ending.

use std::{
    io::{self, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use tokio::runtime;
use wechatpay_core::crypto::aws_lc_rs::AwsLcRs;
use wechatpay_gateway::Gateway;

use crate::program::{cli::Options, clock::ShiftedClock, environment, language::Language};

/// How many requests the console shows.
const KEPT_REQUESTS: usize = 10_000;

/// How long the end may take.
const LAST_MOMENT: Duration = Duration::from_millis(900);

/// Runs the gateway until it is interrupted. An error is a message in the language.
pub(crate) fn run(options: &Options, language: Language) -> Result<(), String> {
    let failed = |what: String, error: &io::Error| {
        language.pick(format!("error: {what}: {error}"), format!("错误: {what}: {error}"))
    };
    let token = match &options.token {
        Some(token) => Some(token.clone()),
        None if options.is_remote => {
            let random = random_token();
            let what = language.pick("no token could be made", "无法生成令牌");
            Some(random.map_err(|error| failed(what.to_owned(), &error))?)
        }
        None => None,
    };
    let gateway = start(options, token.as_deref()).map_err(|error| {
        let listen = options.listen;
        let what = language.pick(format!("cannot start at {listen}"), format!("无法在 {listen} 启动"));
        failed(what, &error)
    })?;
    let base_url = reachable(gateway.host().address());
    let written = options.env.as_ref().map(|folder| {
        environment::write(&gateway, &base_url, folder).map_err(|error| {
            let folder = folder.display();
            let what = language.pick(format!("cannot write to {folder}"), format!("无法写入 {folder}"));
            failed(what, &error)
        })
    });
    let written = written.transpose()?;
    let mut text = opening(&gateway, options, &base_url, token.as_deref(), language);
    match written {
        Some(path) => text.push_str(&language.pick(
            format!("\nThe configuration of a client is in {}\n", path.display()),
            format!("\n客户端配置已写入 {}\n", path.display()),
        )),
        None => {
            text.push_str(language.pick("\nThe environment of a client:\n\n", "\n客户端的环境变量：\n\n"));
            text.push_str(&environment::exports(&gateway, &base_url));
        }
    }
    let mut out = io::stdout().lock();
    // It runs on when nobody reads what it prints.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    drop(out);
    let what = language.pick("cannot wait for signals", "无法等待信号");
    wait().map_err(|error| failed(what.to_owned(), &error))?;
    end(gateway);
    Ok(())
}

fn start(options: &Options, token: Option<&str>) -> io::Result<Gateway> {
    let mut builder = Gateway::builder()
        .backend(&AwsLcRs)
        .listen(options.listen)
        .mode(options.mode)
        .keep_requests(KEPT_REQUESTS)
        .console(token)
        .simulate()
        .validate(options.validate)
        .compress_time(options.clock.speed);
    if let Some(seed) = options.seed {
        builder = builder.seed(seed);
    }
    if let Some(start) = options.clock.start {
        builder = builder.clock(Arc::new(ShiftedClock::new(start)));
    }
    if let Some(file) = &options.state {
        builder = builder.state(file);
    }
    builder.start()
}

fn opening(gateway: &Gateway, options: &Options, base_url: &str, token: Option<&str>, language: Language) -> String {
    let mut console = format!("{base_url}/_gateway/");
    if let Some(token) = token {
        console.push_str(&format!("?token={token}"));
    }
    let version = env!("CARGO_PKG_VERSION");
    let mut text = language.pick(
        format!(
            "WeChat Pay gateway {version}, merchant {}\n\n  API      {base_url}\n  console  {console}\n",
            gateway.mchid()
        ),
        format!(
            "微信支付模拟网关 {version}，商户号 {}\n\n  API     {base_url}\n  控制台  {console}\n",
            gateway.mchid()
        ),
    );
    if options.is_remote {
        text.push_str(language.pick(
            "\nWARNING: other machines can reach this address, and the keys of the gateway are public. Keep real data away.\n",
            "\n警告：其他机器可以访问该地址，而网关的密钥是公开的。请勿用于真实数据。\n",
        ));
    }
    text
}

/// How a client on this machine reaches an address.
fn reachable(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// 128 bits as hexadecimal digits.
fn random_token() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Waits until the program is to end: Ctrl-C, or SIGTERM.
fn wait() -> io::Result<()> {
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            #[cfg(unix)]
            {
                use tokio::signal::unix::{SignalKind, signal};
                let (mut interrupt, mut terminate) =
                    (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                Ok(())
            }
            #[cfg(not(unix))]
            tokio::signal::ctrl_c().await
        })
}

/// Closes everything. Looking up the name of a shop's server can take longer than anybody waits, and by then every change
/// is in the state file, so the end does not depend on it.
fn end(gateway: Gateway) {
    let (ended, end) = mpsc::channel();
    thread::spawn(move || {
        drop(gateway);
        let _ = ended.send(());
    });
    let _ = end.recv_timeout(LAST_MOMENT);
}
