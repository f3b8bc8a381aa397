#!/bin/sh
# Races sse-wire against its peers and writes what came of it: results.tsv and results-bare.tsv (every figure), results.md
# (the tables, with the targets) and throughput.svg (the chart). `compare.sh` takes three minutes; `compare.sh SECONDS` gives
# each of the 57 tasks so many seconds instead of one; `compare.sh render` only writes the page and the chart again.
set -eu
cd "$(dirname "$0")/peers"

if [ "${1:-}" != render ]; then
    seconds=${1:-1}
    cargo run --quiet --release -- measure ../results.tsv "$seconds"
    # The same without any feature of ours: no memchr, no simdutf8, no std, no allocator.
    cargo run --quiet --release --no-default-features -- measure ../results-bare.tsv "$seconds"
fi
# The day of the run, and not that of the rendering.
date=$(date -u -r ../results.tsv +%F)
cargo run --quiet --release -- render "$date" ../results.tsv ../results-bare.tsv ../results.md ../throughput.svg
sed -n '/^## Targets$/,/^## Reading/p' ../results.md | sed '$d'
