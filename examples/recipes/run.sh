#!/bin/bash
# Runs sse-wire in the stacks that its users have: `bash examples/recipes/run.sh`, on a Debian machine with Rust 1.93 or newer.
#
# Every file of src/ is compiled against the published crate that it is for, and run on this machine, over loopback TCP or
# between two stacks in one process. The lock file says which versions.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/debian.sh
debian chromium

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-../../target/recipes}
cargo test --locked -- --show-output
# A browser's requests and ours, side by side.
cargo test --locked --test browser -- --ignored --nocapture
# The recipes for devices, and nothing that a device has not got.
cargo check --locked --lib --no-default-features
