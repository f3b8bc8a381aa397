#!/bin/bash
# The crate on a Cortex-M0 and on a Cortex-M4F, under QEMU: `bash tests/firmware/run.sh`, on a Debian machine with Rust.
#
# Each program is then run once more with a mistake in it, which it must find.
set -euo pipefail
cd "$(dirname "$0")"
tools=${SSE_WIRE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sse-wire-ci}
. ../../.ci/debian.sh
debian binutils qemu-system-arm
../../.ci/bare-rust.sh "$tools/rust-bare"
. "$tools/rust-bare/env"
"${RUSTC:-rustc}" --version
qemu-system-arm --version | head -1

for target in thumbv6m-none-eabi thumbv7em-none-eabihf; do
    # The one with every check on, the other as a device would ship it.
    for program in "vectors dev" "loopback release"; do
        read -r bin profile <<<"$program"
        options=(--quiet --target "$target" --bin "$bin" --profile "$profile")
        run() { cargo run "${options[@]}" -- "$@" 2>&1; }

        echo
        echo "==> $bin on $target"
        run
        ! found=$(run -append broken) || { echo "a mistake was not found"; exit 1; }
        echo "a mistake is found:"
        grep -A 3 '^panicked at' <<<"$found" | sed 's/^/    /'
        size "$(cargo build "${options[@]}" --message-format json | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')"
    done
done
