#!/bin/bash
# The tests on a machine of the other byte order, which is also one of 32 bits, under emulation: `.ci/big-endian.sh`. All but
# those of the examples, which are for networks and processes.
#
# There is a tenth of the random cases, or as many as PROPTEST_CASES and SSE_WIRE_SERVER_RUNS say.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=${SSE_WIRE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sse-wire-ci}
. .ci/debian.sh
debian gcc-powerpc-linux-gnu libc6-dev-powerpc-cross qemu-user
export CARGO_TARGET_POWERPC_UNKNOWN_LINUX_GNU_LINKER=powerpc-linux-gnu-gcc
export CARGO_TARGET_POWERPC_UNKNOWN_LINUX_GNU_RUNNER="qemu-ppc -L /usr/powerpc-linux-gnu"
.ci/bare-rust.sh "$tools/rust-bare" powerpc-unknown-linux-gnu
. "$tools/rust-bare/env"
"${RUSTC:-rustc}" --version

tests=()
for test in tests/*.rs; do
    test=$(basename "$test" .rs)
    [ -d "examples/$test" ] || tests+=(--test "$test")
done
# A backtrace takes the emulator seconds, and information for a debugger takes the compiler a third of its time.
export RUST_BACKTRACE=0 CARGO_PROFILE_TEST_DEBUG=0 CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target/big-endian}
export PROPTEST_CASES=${PROPTEST_CASES:-1000} SSE_WIRE_SERVER_RUNS=${SSE_WIRE_SERVER_RUNS:-1000}
cargo test --quiet --target powerpc-unknown-linux-gnu --features std,simdutf8,defmt --lib "${tests[@]}"
