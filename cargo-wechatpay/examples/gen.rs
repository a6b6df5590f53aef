fn main(){
 let a: Vec<String> = std::env::args().collect();
 let s=cargo_wechatpay::generate::Source::read(a[1].as_ref()).unwrap();
 let out=std::path::Path::new(&a[2]);
 println!("{:?}", s.generate(out).unwrap().write(out).map(|c|(c.written.len(),c.removed.len())).unwrap());
}
