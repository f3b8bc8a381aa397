#!/bin/bash
# Mutation testing of the decoder: `tests/mutants.sh [FILE ...]`, by default over all that reads a stream.
#
# cargo-mutants makes one small mistake in a copy of the package, such as `<` for `<=`, runs the tests, and goes on with the
# next one. A mistake that no test finds is a survivor: a test is missing, or the mistake changes nothing but speed. The
# script prints the survivors and a line of figures. It ends with status 1 if there are any.
#
# There are two rounds. The first one compiles without optimisation, which takes a tenth of the time, and runs the three
# tests that find most mistakes soonest. The second one optimises, and gives what is left to the slower tests.
#
# It needs cargo-mutants (`cargo install --locked cargo-mutants`), and looks for it where `.ci/run` keeps its tools, too.
# On two busy cores the first build took 2 minutes, a mutant 2 to 3 seconds in the first round and 25 in the second. A mistake
# that makes a loop endless takes 10 to 40.
#
#   SHARD=0/4 tests/mutants.sh                            tests the first quarter of the mutants
#   RUSTFLAGS="--cfg sse_wire_small" tests/mutants.sh     tests the code that bare metal gets
#   tests/mutants.sh 'src/client/*.rs'                    tests the client, with its own tests
#   tests/mutants.sh 'src/server/*.rs'                    tests the server, with its own tests
#
# target/mutants/mutants.out has the details of every mutant, with the output of its tests.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=${SSE_WIRE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sse-wire-ci}/bin:$PATH

[ $# -gt 0 ] || set -- 'src/decode/**/*.rs' src/scan.rs src/bytes.rs
files=()
for file in "$@"; do files+=(--file "$file"); done

out=$PWD/target/mutants
result=$out/mutants.out
rm -rf "$result"
mkdir -p "$out"

# Both rounds and later runs share what the tests depend on. The package itself is compiled anew, for its copy lies
# elsewhere each time, so what earlier runs left of it is garbage.
export CARGO_TARGET_DIR=$out/build
built=$CARGO_TARGET_DIR/debug
rm -rf "$built"/incremental "$built"/deps/*sse_wire-*
for test in tests/*.rs; do rm -f "$built/deps/$(basename "$test" .rs)"-*; done
dependencies='profile.test.package."*".opt-level=1'

export CARGO_PROFILE_TEST_DEBUG=0 CARGO_INCREMENTAL=1
# One mistake makes thousands of checks fail, and the first of them is enough.
export RUST_BACKTRACE=0 PROPTEST_MAX_SHRINK_ITERS=0
# A loop that has become endless can fill the memory before its time is up.
ulimit -v 8000000

# Usage: round OPT_LEVEL CASES TARGET... tests all mutants that no round before has found.
round() {
    local opt_level=$1 cases=$2 status=0
    # Arguments behind `--` would say which tests to run, but all of them would be compiled.
    local targets=("${@:3}")
    targets=("${targets[@]/#/--cargo-arg=}")
    # defmt is not turned on, so a mistake in an implementation for it would not even be compiled.
    CARGO_PROFILE_TEST_OPT_LEVEL=$opt_level PROPTEST_CASES=$cases SSE_WIRE_SERVER_RUNS=$cases \
        cargo mutants --no-config --iterate --no-shuffle --output "$out" --colors never \
        ${SHARD:+--shard "$SHARD"} "${files[@]}" --exclude-re 'defmt::Format' \
        --features std --cargo-arg=--config="$dependencies" "${targets[@]}" \
        --timeout-multiplier 3 --minimum-test-timeout 10 || status=$?
    # 2 and 3 say that there are survivors or endless loops. Everything else but 0 says that there is no result.
    case $status in 0 | 2 | 3) ;; *) exit $status ;; esac
}

count() { cat "$@" 2>/dev/null | wc -l; }

soonest=(--test={api,conformance,headers,properties})
others=(--lib --test={allocations,chunking,data_writer,encode,forwarding,headers,lengths,overflow,properties,roundtrip})
if [[ $1 == src/client/* ]]; then
    soonest=(--test=client)
    others=(--lib --test=client)
elif [[ $1 == src/server/* ]]; then
    soonest=(--test={server,server_parts})
    others=(--lib --test={allocations,server,server_parts})
fi

start=$SECONDS
round 0 200 "${soonest[@]}"
first=$((SECONDS - start))
all=$(count "$result"/{caught,missed,timeout,unviable}.txt)
if [ -s "$result/missed.txt" ] || [ -s "$result/timeout.txt" ]; then
    round 1 1000 "${others[@]}"
fi
second=$((SECONDS - start - first))

echo
if [ -s "$result/timeout.txt" ]; then
    echo "Found by a time limit:"
    cat "$result/timeout.txt"
fi
if [ -s "$result/missed.txt" ]; then
    echo "Survivors:"
    cat "$result/missed.txt"
fi
echo "$(date +%F): $all mutants of $*: $(count "$result/missed.txt") survive; rounds of $first s and $second s"
[ ! -s "$result/missed.txt" ]
