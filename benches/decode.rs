//! Decoding, timed by criterion: `criterion/decode.rs`.

#[path = "common/criterion.rs"]
mod criterion;

fn main() -> std::process::ExitCode {
    criterion::run("decode")
}
