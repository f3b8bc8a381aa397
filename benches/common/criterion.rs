//! Runs a benchmark of the package `criterion/`, which is one of its own so that only those who run it compile criterion.

use std::path::Path;
use std::process::{Command, ExitCode};

/// The features that change what is timed.
const FEATURES: [(&str, bool); 3] =
    [("memchr", cfg!(feature = "memchr")), ("simdutf8", cfg!(feature = "simdutf8")), ("std", cfg!(feature = "std"))];

/// Runs the benchmark with our arguments, our features and our target folder.
pub fn run(name: &str) -> ExitCode {
    // `cargo bench` gives us `--bench`. `cargo test` does not, and then each loop runs once.
    let (bench, arguments): (Vec<_>, Vec<_>) = std::env::args_os().skip(1).partition(|argument| argument == "--bench");
    let features: Vec<_> = FEATURES.iter().filter(|(_, is_on)| *is_on).map(|(name, _)| *name).collect();
    let status = Command::new(env!("CARGO"))
        .args([if bench.is_empty() { "test" } else { "bench" }, "--bench", name])
        .args(["--no-default-features", "--features", &features.join(",")])
        .arg("--")
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/criterion"))
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."))
        .status()
        .expect("cargo runs in benches/criterion, which only the repository has");
    if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
