//! Encoding, timed by criterion: `criterion/encode.rs`.

#[path = "common/criterion.rs"]
mod criterion;

fn main() -> std::process::ExitCode {
    criterion::run("encode")
}
