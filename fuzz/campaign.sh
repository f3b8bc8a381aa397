#!/bin/sh
# Fuzzes each target for a number of seconds (60 unless told), from the published vectors: `fuzz/campaign.sh [SECONDS [TARGET ...]]`.
# Needs cargo-fuzz; a stable toolchain will do. Ends with a status other than 0 at the first finding.
set -eu
cd "$(dirname "$0")"
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- decode chunking overflow engines forwarding roundtrip windows data_writer client server
export RUSTC_BOOTSTRAP=1
cargo run --quiet --example seeds
for target in "$@"; do
    log=target/$target.log
    status=0
    cargo fuzz run "$target" -- -max_total_time="$seconds" -dict=dictionary -max_len=1024 -print_final_stats=1 \
        >"$log" 2>&1 || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 60 "$log"
        echo "$target: finding or failure (status $status)"
        exit 1
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    echo "$target: $seconds s, $runs runs, $covered edges covered, no finding"
done
