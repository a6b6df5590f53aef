//! What a feature brings that is off.

use crate::workspace;
use std::process::Command;

/// The crates that a user of core builds.
fn tree(package: &str, arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--package",
            package,
        ])
        .args(arguments)
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_crates_of_shangmi_are_built_only_where_it_is_turned_on() {
    for package in ["wechatpay-core", "wechatpay-gateway"] {
        let [without, with] = [&[][..], &["--features", "shangmi"]].map(|arguments| tree(package, arguments));
        for name in ["sm4", "sm2", "elliptic-curve"] {
            assert!(!without.iter().any(|built| built == name), "{package} builds {name}");
            assert!(with.iter().any(|built| built == name), "{package} does without {name}");
        }
    }
}
