//! Saving a download in a directory where other users can write.

use super::support::{Piece, PiecewiseTransport};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};
use tokio::sync::Notify;
use wechatpay_core::{
    Download, ErrorKind,
    bill::{BillError, BillReader, BlockingBillReader},
};
use wechatpay_gateway::Gateway;

/// A directory for this test, removed at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("wechatpay-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn download(pieces: Vec<Piece>) -> Download {
    let gateway = Gateway::start().unwrap();
    let client = gateway
        .client_builder()
        .transport(PiecewiseTransport(pieces))
        .build()
        .unwrap();
    let url = format!("{}/v3/billdownload/file?token=t", gateway.url());
    client.download(&url).await.unwrap()
}

#[tokio::test]
async fn two_downloads_to_one_place_do_not_mix() {
    let directory = Directory::new("mix");
    let path = directory.0.join("bill.csv");
    let go = Arc::new(Notify::new());
    let slow = download(vec![
        Piece::Bytes(b"the first half,"),
        Piece::Wait(Arc::clone(&go)),
        Piece::Bytes(b"the second half"),
    ])
    .await;
    let slow = tokio::spawn({
        let path = path.clone();
        async move { slow.save(&path).await }
    });
    // Wait until the first half is written.
    while !directory.names().iter().any(|name| length(&directory.0.join(name)) > 0) {
        tokio::task::yield_now().await;
    }
    let quick = download(vec![Piece::Bytes(b"short")]).await;
    assert_eq!(quick.save(&path).await.unwrap(), 5);
    assert_eq!(fs::read(&path).unwrap(), b"short");
    go.notify_one();
    assert_eq!(slow.await.unwrap().unwrap(), 30);
    assert_eq!(fs::read(&path).unwrap(), b"the first half,the second half");
    assert_eq!(directory.names(), ["bill.csv"]);
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |metadata| metadata.len())
}

#[cfg(unix)]
#[tokio::test]
async fn files_of_others_beside_the_file_are_neither_written_nor_removed() {
    let directory = Directory::new("planted");
    let (path, victim) = (directory.0.join("bill.csv"), directory.0.join("victim"));
    fs::write(&victim, "precious").unwrap();
    std::os::unix::fs::symlink(&victim, directory.0.join("bill.csv.partial")).unwrap();
    std::os::unix::fs::symlink(&victim, &path).unwrap();
    assert_eq!(
        download(vec![Piece::Bytes(b"bill")]).await.save(&path).await.unwrap(),
        4
    );
    let wrong = download(vec![Piece::Bytes(b"bill")]).await.expect_sha1("00");
    assert!(wrong.save(&path).await.is_err());
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
    assert_eq!(fs::read(&path).unwrap(), b"bill");
    assert_eq!(directory.names(), ["bill.csv", "bill.csv.partial", "victim"]);
}

#[cfg(unix)]
#[tokio::test]
async fn s14_a_new_file_is_private_and_an_existing_one_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::new("mode");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let path = directory.0.join("bill.csv");
    download(vec![Piece::Bytes(b"bill")]).await.save(&path).await.unwrap();
    assert_eq!(mode(&path), 0o600);
    for kept in [0o600, 0o640, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
        download(vec![Piece::Bytes(b"more")]).await.save(&path).await.unwrap();
        assert_eq!((mode(&path), fs::read(&path).unwrap()), (kept, b"more".to_vec()));
    }
    // A symbolic link is replaced, and the mode of its target does not apply to the new file.
    let (public, link) = (directory.0.join("public"), directory.0.join("link.csv"));
    fs::write(&public, "").unwrap();
    fs::set_permissions(&public, fs::Permissions::from_mode(0o666)).unwrap();
    std::os::unix::fs::symlink(&public, &link).unwrap();
    download(vec![Piece::Bytes(b"bill")]).await.save(&link).await.unwrap();
    assert_eq!(mode(&link), 0o600);
}

#[tokio::test]
async fn a_failed_download_never_reports_its_end() {
    let mut download = download(vec![Piece::Bytes(b"one,"), Piece::Bytes(b"two")])
        .await
        .expect_sha1("00");
    assert_eq!(download.chunk().await.unwrap().unwrap(), "one,");
    assert_eq!(download.chunk().await.unwrap().unwrap(), "two");
    for _ in 0..2 {
        assert_eq!(download.chunk().await.unwrap_err().kind(), ErrorKind::Mismatched);
    }
}

#[tokio::test]
async fn a_bill_with_a_wrong_digest_never_reports_its_end() {
    let download = download(vec![Piece::Bytes("商户订单号\n`A1\n`A2".as_bytes())])
        .await
        .expect_sha1("00");
    let mut bill = BillReader::new(download);
    assert_eq!(bill.next_row().await.unwrap().unwrap().get("商户订单号"), Some("A1"));
    for _ in 0..3 {
        assert!(matches!(bill.next_row().await, Err(BillError::Download(_))));
    }
}

#[test]
fn nothing_is_read_from_a_bill_after_an_invalid_line() {
    for line in [&b"`\xff,`2"[..], b"`1", b"`1,`2,`3", b"`1,2", b"no,\nvalues"] {
        let bill = [
            "商户订单号,订单金额\n`A1,`1\n".as_bytes(),
            line,
            "\n`A2,`2\n总交易单数\n`2\n".as_bytes(),
        ]
        .concat();
        let mut bill = BlockingBillReader::new(&*bill);
        assert_eq!(bill.next_row().unwrap().unwrap().get("商户订单号"), Some("A1"));
        for _ in 0..8 {
            assert!(matches!(bill.next_row(), Err(BillError::Malformed { line: 3 | 4, .. })));
        }
    }
}
