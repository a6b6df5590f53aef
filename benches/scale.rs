//! Many requests at once, many merchants in one process, and platform certificates that are downloaded meanwhile.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin scale
//! ```
//!
//! Each number comes from a separate process, because freed memory is not returned to the system.

use std::{
    env,
    error::Error,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};
use tokio::{
    runtime::{self, Runtime},
    task::JoinSet,
    time::sleep,
};
use wechatpay_benches::{
    client_process::{memory, run},
    counting::{self, Counting},
    gateway_process::{self, Access, GatewayProcess},
    operation,
    slices::{Cost, in_turns, median, slice},
};
use wechatpay_core::{
    Client, PrivateKey, PublicKey,
    client::{CertificateRefresh, Clients},
    crypto::default_backend,
    transport::{HttpTransport, Transport, TransportError, TransportRequest, TransportResponse},
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Every request that is in flight is followed by others, so that the most memory is seen.
const TURNS: usize = 20;

/// How many requests are in flight while certificates are downloaded, how many slices there are, and how many requests
/// follow each other in one: enough for a slice to take more than the second between two downloads.
const LOADED: usize = 64;
const LOADED_ROUNDS: usize = 7;
const LOADED_TURNS: usize = 80;

fn main() -> Result<(), Box<dyn Error>> {
    if gateway_process::be_the_gateway()? {
        return Ok(());
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [role, access, number] = arguments.as_slice() {
        let (access, number) = (serde_json::from_str(access)?, number.parse()?);
        return match role.as_str() {
            "in-flight" => in_flight(&access, number),
            "refreshing" => refreshing(&access, number),
            "registry" => registry(&access, number),
            _ => clients(&access, number),
        };
    }
    let gateway = GatewayProcess::start()?;
    let access = serde_json::to_string(&gateway.access)?;

    println!("| in flight | most memory of the process | most heap in use | CPU a request | wall a request |");
    println!("|---|---|---|---|---|");
    for number in [1, 10, 64, 100, 1000] {
        let numbers = run(&["in-flight", &access, &number.to_string()])?;
        if let [memory, heap, cpu, wall] = numbers.as_slice() {
            println!(
                "| {number} | {:.1} MB | {heap:.0} KiB | {cpu:.0} µs | {wall:.0} µs |",
                memory / 1024.0
            );
        }
    }

    println!(
        "\n| clients with shared connections | memory for each | heap for each | time to build each | time to read its two keys |"
    );
    println!("|---|---|---|---|---|");
    for number in [1, 100, 10_000] {
        let numbers = run(&["clients", &access, &number.to_string()])?;
        if let [memory, heap, build, keys] = numbers.as_slice() {
            println!("| {number} | {memory:.1} KiB | {heap:.1} KiB | {build:.1} µs | {keys:.0} µs |");
        }
    }

    println!("\n| merchants in a registry | memory of each | find a client | find a receiver | replace a client |");
    println!("|---|---|---|---|---|");
    for number in [100, 10_000] {
        let numbers = run(&["registry", &access, &number.to_string()])?;
        if let [memory, client, receiver, replace] = numbers.as_slice() {
            println!("| {number} | {memory:.1} KiB | {client:.2} µs | {receiver:.2} µs | {replace:.1} µs |");
        }
    }
    drop(gateway);

    let gateway = GatewayProcess::start_with_certificates()?;
    let access = serde_json::to_string(&gateway.access)?;
    let numbers = run(&["refreshing", &access, &LOADED.to_string()])?;
    println!("\n| {LOADED} in flight | without | while certificates are downloaded | ratio |");
    println!("|---|---|---|---|");
    if let [rows @ .., downloads, seconds] = numbers.as_slice() {
        for (name, row) in [
            "CPU a request",
            "wall a request",
            "99 % end within",
            "the longest call takes",
        ]
        .iter()
        .zip(rows.chunks(3))
        {
            if let [without, with, ratio] = row {
                println!("| {name} | {without:.0} µs | {with:.0} µs | {ratio:.3} |");
            }
        }
        println!("\n{downloads} downloads in {seconds:.1} s");
    }
    Ok(())
}

/// `number` requests in flight, each followed by others, and how long each took in microseconds.
fn load(runtime: &Runtime, client: &Client, number: usize, turns: usize) -> Vec<f64> {
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..number {
            let client = client.clone();
            tasks.spawn(async move {
                let mut times = Vec::with_capacity(turns);
                for _ in 0..turns {
                    let begun = Instant::now();
                    operation::request().send(&client).await.expect("the gateway responds");
                    times.push(begun.elapsed().as_secs_f64() * 1e6);
                }
                times
            });
        }
        let mut times = Vec::with_capacity(number * turns);
        while let Some(ended) = tasks.join_next().await {
            times.extend(ended.expect("ends"));
        }
        times.sort_by(f64::total_cmp);
        times
    })
}

/// Counts the downloads of certificates.
struct CountingDownloads {
    transport: HttpTransport,
    downloads: Arc<AtomicU64>,
}

impl Transport for CountingDownloads {
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        if request.target.starts_with("/v3/certificates") {
            self.downloads.fetch_add(1, Relaxed);
        }
        self.transport.send(request)
    }
}

/// A client that downloads its certificates once a second, the most that is possible, beside one that never does.
fn refreshing(access: &Access, number: usize) -> Result<(), Box<dyn Error>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let transport = HttpTransport::new()?;
    let downloads = Arc::default();
    let build = || access.client_builder(default_backend());
    let without = build().transport(transport.clone()).build()?;
    let with = build()
        .transport(CountingDownloads {
            transport,
            downloads: Arc::clone(&downloads),
        })
        .certificate_refresh(CertificateRefresh::default().cooldown(Duration::from_secs(1)))
        .build()?;

    let (mut slow_without, mut slow_with) = (Vec::new(), Vec::new());
    let mut seconds = 0.0;
    let of_slice = |client: &Client, slow: &mut Vec<[f64; 2]>| {
        slice(number * LOADED_TURNS, || {
            let times = load(&runtime, client, number, LOADED_TURNS);
            slow.push([times[times.len() * 99 / 100], times[times.len() - 1]]);
        })
    };
    let comparison = in_turns(
        LOADED_ROUNDS,
        || {
            let refreshed = with.clone();
            let refresher = runtime.spawn(async move {
                loop {
                    refreshed.refresh_certificates().await.expect("a list");
                    sleep(Duration::from_millis(20)).await;
                }
            });
            let begun = Instant::now();
            let cost = of_slice(&with, &mut slow_with);
            seconds += begun.elapsed().as_secs_f64();
            refresher.abort();
            cost
        },
        || of_slice(&without, &mut slow_without),
    );
    for of in [(|cost| cost.cpu) as fn(&Cost) -> f64, |cost| cost.wall] {
        let (with, without) = comparison.medians(of);
        println!("{without} {with} {}", comparison.ratio(of));
    }
    for share in 0..2 {
        let of = |slow: &[[f64; 2]]| median(slow.iter().map(|times| times[share]));
        let (with, without) = (of(&slow_with), of(&slow_without));
        println!("{without} {with} {}", with / without);
    }
    println!("{} {seconds}", downloads.load(Relaxed));
    Ok(())
}

fn in_flight(access: &Access, number: usize) -> Result<(), Box<dyn Error>> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let client = access.client()?;
    let live = counting::reset_peak();
    let cost = slice(number * TURNS, || {
        load(&runtime, &client, number, TURNS);
    });
    let heap = counting::peak_growth(live) as f64 / 1024.0;
    println!("{} {heap} {} {}", memory("VmHWM"), cost.cpu, cost.wall);
    Ok(())
}

fn clients(access: &Access, number: usize) -> Result<(), Box<dyn Error>> {
    let transport = HttpTransport::new()?;
    let build = || access.client_builder(default_backend()).transport(transport.clone());
    // The first pays for what is set up once.
    let _first = build().build()?;
    let mut clients = Vec::with_capacity(number);
    let (resident, live) = (memory("VmRSS"), counting::reset_peak());
    let (mut keys_time, mut build_time) = (0.0, 0.0);
    for _ in 0..number {
        let begun = Instant::now();
        let builder = build();
        let read = Instant::now();
        clients.push(builder.build()?);
        keys_time += (read - begun).as_secs_f64() * 1e6;
        build_time += read.elapsed().as_secs_f64() * 1e6;
    }
    let resident = memory("VmRSS") - resident;
    let heap = counting::peak_growth(live) as f64 / 1024.0;
    let each = |total: f64| total / number as f64;
    println!(
        "{} {} {} {}",
        each(resident),
        each(heap),
        each(build_time),
        each(keys_time)
    );
    Ok(())
}

/// `number` merchants in one registry, each with its own number and keys, on shared connections.
fn registry(access: &Access, number: usize) -> Result<(), Box<dyn Error>> {
    let transport = HttpTransport::new()?;
    let key = PrivateKey::from_pem(&access.private_key_pem)?;
    let client = |merchant: usize| {
        let public_key = PublicKey::from_pem(&access.public_key_pem)?;
        let client = Client::builder()
            .merchant(format!("{merchant:010}"), &access.serial_no, key.clone())
            .wechatpay_public_key(format!("PUB_KEY_ID_{merchant:010}"), public_key)
            .api_v3_key(format!("{merchant:032}"))
            .base_url(&access.url)
            .transport(transport.clone())
            .build()?;
        Ok::<_, Box<dyn Error>>(client)
    };
    let clients = Clients::new();
    // The first pays for what is set up once.
    clients.add(client(number)?);
    let resident = memory("VmRSS");
    for merchant in 0..number {
        clients.add(client(merchant)?);
    }
    let resident = memory("VmRSS") - resident;

    let numbers: Vec<String> = (0..number)
        .map(|merchant| format!("{:010}", merchant * 7919 % number))
        .collect();
    let each = |begun: Instant| begun.elapsed().as_secs_f64() * 1e6 / number as f64;
    let begun = Instant::now();
    let found = numbers.iter().filter(|mchid| clients.get(mchid).is_some()).count();
    let client_time = each(begun);
    let begun = Instant::now();
    let receivers = numbers.iter().filter(|mchid| clients.receiver(mchid).is_some()).count();
    let receiver_time = each(begun);
    assert_eq!((found, receivers, clients.len()), (number, number, number + 1));
    let begun = Instant::now();
    for mchid in &numbers {
        let client = clients.remove(mchid).ok_or("it is there")?;
        clients.add(client);
    }
    let replace_time = each(begun);
    println!(
        "{} {client_time} {receiver_time} {replace_time}",
        resident / number as f64
    );
    Ok(())
}
