#!/bin/bash
# Weighs the crate on microcontrollers and writes results.md: `tests/size/measure.sh`. `--readme` also puts the short table
# between `<!-- size table -->` and `<!-- end -->` in the README. `--check` writes nothing, and fails if a limit in report.py
# is exceeded.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/debian.sh
tools=${SSE_WIRE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sse-wire-ci}
debian llvm python3 qemu-system-arm qemu-system-misc
../../.ci/bare-rust.sh "$tools/rust-bare"
. "$tools/rust-bare/env"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
programs=$CARGO_TARGET_DIR/programs
rm -rf "$programs"

# Builds programs and keeps them in a folder of their own: `build TARGET LEVEL FEATURES NAME...`
build() {
    local target=$1 level=$2 features=$3 kept=$programs/$1/$2/$3
    shift 3
    cargo build --quiet --locked --profile "$level" --target "$target" --features "$features" "${@/#/--bin=}"
    mkdir -p "$kept"
    (cd "$CARGO_TARGET_DIR/$target/$level" && cp "$@" "$kept")
}

# Runs the laps on an emulated board that has no clock but its instructions.
run() {
    local emulator=(qemu-system-arm -machine lm3s6965evb)
    [[ $1 != */riscv32* ]] || emulator=(qemu-system-riscv32 -machine virt -bios none)
    timeout 60 "${emulator[@]}" -display none -monitor none -serial none -chardev stdio,id=out \
        -semihosting-config enable=on,target=native,chardev=out -icount shift=7,align=off,sleep=off -kernel "$1/laps" \
        >"$1/laps.tsv" </dev/null
}

parts=(baseline tokenizer advance next reading encoder segments encode data_writer writing both follow push_and_fill server laps)
for target in thumbv6m-none-eabi thumbv7em-none-eabihf riscv32imc-unknown-none-elf; do
    for features in bare memchr; do
        for level in s z; do
            build $target $level $features "${parts[@]}"
            run "$programs/$target/$level/$features"
        done
        build $target s $features,doors doors
    done
done
build thumbv7em-none-eabihf s memchr,peers peer_sse_core peer_sse_parse laps
run "$programs/thumbv7em-none-eabihf/s/memchr,peers"

versions="$("${RUSTC:-rustc}" --version), $(llvm-objdump --version | grep -o 'LLVM version [0-9.]*'), $(qemu-system-arm --version | head -1)"
PYTHONDONTWRITEBYTECODE=1 python3 report.py "$programs" "$versions" "$@"
