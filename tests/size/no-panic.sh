#!/bin/bash
# Shows that no call of the crate can panic, on microcontrollers: `tests/size/no-panic.sh`. The program calls every public
# function with any input, from any state, and its panic handler does not exist, so it links only if nothing can get there.
# `--self-test` plants a panic and shows that the program does not link then.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/debian.sh
tools=${SSE_WIRE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sse-wire-ci}
debian llvm python3
../../.ci/bare-rust.sh "$tools/rust-bare"
. "$tools/rust-bare/env"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}

link() { cargo build --quiet --locked --bin doors --profile "$1" --target "$2" --features "$3"; }

if [ "${1-}" = --self-test ]; then
    if log=$(link s thumbv7em-none-eabihf doors,no-panic,planted-panic 2>&1); then
        echo "a program that can panic was linked"
        exit 1
    fi
    grep --only-matching --max-count=1 'undefined symbol: A_PANIC_IS_REACHABLE' <<<"$log"
    exit
fi

# No public function is forgotten, but those that allocate and the one that only fuzzers see.
for name in $(find ../../src -name '*.rs' -exec sed -n 's/^ *pub \(const \)\?fn \([a-z_]*\).*/\2/p' {} + | sort -u); do
    [[ $name =~ ^(to_boxed|to_string_lossy|to_vec|append_to|parser_pin_mut|compare)$ ]] || grep -qw "$name" src/doors.rs || { echo "$name is not called"; exit 1; }
done

doors=$(sed -n '/^doors! {/,/^}/s/^    \([a-z_]*\)(.*/\1/p' src/doors.rs)
for target in thumbv6m-none-eabi thumbv7em-none-eabihf riscv32imc-unknown-none-elf; do
    program=$CARGO_TARGET_DIR/$target
    for level in s z release; do
        for features in doors doors,memchr; do
            if ! link "$level" "$target" "$features,no-panic"; then
                link "$level" "$target" "$features"
                PYTHONDONTWRITEBYTECODE=1 python3 elf.py "$program/$level/doors"
                exit 1
            fi
            # A second look, for what the linker might have let through, and that every call is there.
            names=$(llvm-nm "$program/$level/doors" | cut -d' ' -f3)
            if grep -E 'panicking|rust_begin_unwind|A_PANIC' <<<"$names"; then exit 1; fi
            lost=$(comm -23 <(sort <<<"$doors") <(sort <<<"$names"))
            [ -z "$lost" ] || { echo "not in the program: $lost"; exit 1; }
            echo "$target $level $features: $(wc -l <<<"$doors") calls, none of which can panic"
        done
    done
done
