//! Uploading an image (图片上传), and an operation with other names and another digest.
//!
//! A file travels beside a small JSON, the part `meta`, and only `meta` is signed. The file's name and digest in it are
//! the library's work. With the variables of `Client::from_env` set (`WECHATPAY_MCHID`, ..) and a file named, that file
//! is uploaded to WeChat Pay.
//!
//! ```text
//! cargo run --example upload_image [-- licence.jpg]
//! ```

use serde::Deserialize;
use serde_json::json;
use std::{error::Error, path::Path};
use wechatpay_core::{Client, Method, Upload, endpoint::DigestAlgorithm, wechatpay_endpoint};
use wechatpay_gateway::{Gateway, GatewayResponse, ReceivedRequest};

/// An image for an application (商户上传图片): JPG, BMP or PNG, at most 2 MB.
#[wechatpay_endpoint(POST, "/v3/merchant/media/upload", response = Media)]
pub struct UploadImage {
    #[wechatpay(file)]
    pub file: Upload,
}

/// What names the image in later requests (媒体文件标识Id).
#[derive(Debug, Deserialize)]
pub struct Media {
    pub media_id: String,
}

/// An electronic invoice (上传电子发票文件). Its `meta` has no file name, a digest made with SM3 (国密), and a payload
/// field. The service itself writes `digest_alogrithm`.
#[wechatpay_endpoint(
    POST,
    "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
    response = FapiaoFile,
)]
pub struct UploadFapiao {
    pub file_type: &'static str,
    pub digest_alogrithm: &'static str,
    #[wechatpay(file, filename = none, digest = "digest", algorithm = SM3)]
    pub file: Upload,
}

#[derive(Debug, Deserialize)]
pub struct FapiaoFile {
    pub fapiao_media_id: String,
}

/// A whole PNG: one transparent pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let image = match std::env::args_os().nth(1) {
        Some(path) => {
            let name = Path::new(&path).file_name().ok_or("a file has to be named")?;
            Upload::new(name.to_string_lossy(), std::fs::read(&path)?)
        }
        None => Upload::new("营业执照 1.png", PIXEL),
    };
    println!("To be uploaded: {image:?}");

    if std::env::var_os("WECHATPAY_MCHID").is_some() {
        let media = UploadImage { file: image }.send(&Client::from_env()?).await?;
        println!("media_id = {}", media.media_id);
        return Ok(());
    }

    let gateway = start_gateway()?;
    let client = gateway.client()?;

    let media = UploadImage { file: image }.send(&client).await?;
    println!("media_id = {}\n", media.media_id);
    show_parts(&gateway)?;

    let fapiao = UploadFapiao {
        file_type: "PDF",
        digest_alogrithm: "SM3",
        file: Upload::new("fapiao.pdf", &b"%PDF-1.7 .."[..]),
    };
    let file = fapiao.send(&client).await?;
    println!("fapiao_media_id = {}\n", file.fapiao_media_id);
    show_parts(&gateway)
}

/// A gateway that accepts a file only if the digest in `meta` matches its bytes.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    fn take(request: &ReceivedRequest, digest: &str, algorithm: DigestAlgorithm, id: &str) -> GatewayResponse {
        let Some(file) = request.part("file") else {
            return GatewayResponse::error(400, "PARAM_ERROR", "缺少文件");
        };
        let hex = algorithm.hex(file.bytes());
        if request.json()[digest] != hex {
            return GatewayResponse::error(400, "PARAM_ERROR", "文件摘要不一致");
        }
        let start = hex.get(..12).unwrap_or_default();
        GatewayResponse::json(200, &json!({ id: format!("MEDIA-{start}") }))
    }

    let gateway = Gateway::start()?;
    gateway.on(Method::POST, "/v3/merchant/media/upload", |request| {
        take(request, "sha256", DigestAlgorithm::Sha256, "media_id")
    });
    gateway.on(
        Method::POST,
        "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
        |request| take(request, "digest", DigestAlgorithm::Sm3, "fapiao_media_id"),
    );
    Ok(gateway)
}

fn show_parts(gateway: &Gateway) -> Result<(), Box<dyn Error>> {
    let request = gateway.last_request().ok_or("the gateway received nothing")?;
    println!(
        "{} as it went over the wire, in {} parts:",
        request.target(),
        request.parts().len()
    );
    for part in request.parts() {
        let name = part.file_name().unwrap_or("no file name");
        println!("  {} ({name}): {} bytes", part.name(), part.bytes().len());
    }
    println!("  signed was: {}\n", request.json());
    Ok(())
}
