//! A short run of the program that sends random requests. A long one is started by hand, see `docs/reliability.md`.

use std::process::Command;

#[test]
fn g8_random_requests_get_valid_responses_and_no_panic() {
    let program = env!("CARGO_BIN_EXE_random_requests");
    for seed in ["1", "2"] {
        let run = Command::new(program)
            .args(["--requests", "3000", "--seed", seed])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
        assert!(said.contains("panics: 0, violations: 0"), "{said}");
    }
}
