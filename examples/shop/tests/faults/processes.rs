//! Shops as processes of their own.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
};
use wechatpay_gateway::Gateway;

/// In milliseconds.
#[derive(Clone, Copy)]
pub(crate) struct Timing {
    pub(crate) idle: u64,
    pub(crate) poll: u64,
    pub(crate) lease: u64,
    pub(crate) pay_within: u64,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            idle: 50,
            poll: 500,
            lease: 4000,
            pay_within: 1_800_000,
        }
    }
}

struct Process {
    child: Child,
    /// With a slash at the end.
    url: String,
}

impl Drop for Process {
    /// SIGKILL: nothing is cleaned up.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Processes {
    environment: Vec<(&'static str, String)>,
    running: Vec<Process>,
}

impl Processes {
    pub(crate) fn start(gateway: &Gateway, database: &str, notify_url: &str, count: usize, timing: Timing) -> Self {
        let environment = vec![
            ("WECHATPAY_MCHID", gateway.mchid().to_owned()),
            ("WECHATPAY_SERIAL_NO", gateway.serial_no().to_owned()),
            ("WECHATPAY_PRIVATE_KEY", gateway.merchant_private_key_pem().to_owned()),
            ("WECHATPAY_API_V3_KEY", gateway.api_v3_key().to_owned()),
            ("WECHATPAY_PUBLIC_KEY_ID", gateway.public_key_id()),
            ("WECHATPAY_PUBLIC_KEY", gateway.public_key_pem()),
            ("WECHATPAY_BASE_URL", gateway.url()),
            ("DATABASE_URL", database.to_owned()),
            ("SHOP_LISTEN", "127.0.0.1:0".to_owned()),
            ("SHOP_NOTIFY_URL", notify_url.to_owned()),
            ("SHOP_IDLE_MS", timing.idle.to_string()),
            ("SHOP_POLL_MS", timing.poll.to_string()),
            ("SHOP_LEASE_MS", timing.lease.to_string()),
            ("SHOP_PAY_WITHIN_MS", timing.pay_within.to_string()),
        ];
        let mut processes = Self {
            environment,
            running: Vec::new(),
        };
        for _ in 0..count {
            let process = processes.spawn();
            processes.running.push(process);
        }
        processes
    }

    fn spawn(&self) -> Process {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wechatpay-shop"))
            .envs(self.environment.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        let url = url.trim().to_owned();
        assert!(url.starts_with("http"), "the shop does not start");
        Process { child, url }
    }

    pub(crate) fn urls(&self) -> Vec<String> {
        self.running.iter().map(|process| process.url.clone()).collect()
    }

    /// Kills one and starts another in its place.
    pub(crate) fn replace(&mut self, index: usize) {
        drop(self.running.remove(index % self.running.len()));
        let process = self.spawn();
        self.running.push(process);
    }
}

/// One address for all processes, as a load balancer has. It loses `percent` of the connections.
pub(crate) struct Balancer {
    pub(crate) url: String,
    backends: Arc<Mutex<Vec<String>>>,
}

impl Balancer {
    pub(crate) async fn start(percent: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let backends = Arc::new(Mutex::new(Vec::<String>::new()));
        let known = Arc::clone(&backends);
        tokio::spawn(async move {
            for turn in 0_u64.. {
                let Ok((mut incoming, _)) = listener.accept().await else {
                    return;
                };
                // 37 has no factor in common with 100, so each percentage comes in turn.
                let lost = turn.wrapping_mul(37) % 100 < percent;
                let backend = {
                    let backends = known.lock().unwrap();
                    let index = usize::try_from(turn).unwrap() % backends.len().max(1);
                    backends.get(index).filter(|_| !lost).cloned()
                };
                tokio::spawn(async move {
                    let Some(backend) = backend else { return };
                    let address = backend.trim_start_matches("http://").trim_end_matches('/').to_owned();
                    if let Ok(mut outgoing) = TcpStream::connect(address).await {
                        let _ = copy_bidirectional(&mut incoming, &mut outgoing).await;
                    }
                });
            }
        });
        Self { url, backends }
    }

    pub(crate) fn set(&self, urls: Vec<String>) {
        *self.backends.lock().unwrap() = urls;
    }
}
