#!/bin/bash
# Builds the library for bare-metal targets: `.ci/targets.sh`. Two of them have no compare-and-swap. Left out are `std` and
# `arbitrary`, which needs it.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=${SSE_WIRE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sse-wire-ci}
.ci/bare-rust.sh "$tools/rust-bare"
. "$tools/rust-bare/env"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target/bare} RUSTFLAGS="-D warnings"

for target in thumbv6m-none-eabi thumbv7em-none-eabihf riscv32imc-unknown-none-elf wasm32-unknown-unknown; do
    for features in --no-default-features --features=default --features=alloc,heapless-v0.9,defmt,simdutf8; do
        cargo build --quiet --release --lib --target "$target" "$features"
        echo "$target $features"
    done
done
