#!/bin/sh
# Proves that cost is linear: counts the instructions (callgrind) of each loop over a stream and over one four times as long,
# prints instructions per byte of both, and fails if the longer one costs over 5 % more for a byte. Needs valgrind.
set -eu
cd "$(dirname "$0")/.."
. benches/callgrind.sh

failed=0
printf '%-8s %-8s %-7s %10s %10s %7s\n' shape door chunk '64 KiB' '256 KiB' ratio
for shape in line events lines late type unknown ids; do
    for door in next advance tokens; do
        for chunk in 0 1; do
            small=$(count $shape 65536 $chunk $door | cut -d' ' -f1,2)
            large=$(count $shape 262144 $chunk $door | cut -d' ' -f1,2)
            echo "$small $large" | awk -v shape=$shape -v door=$door -v chunk=$chunk '
                NF != 4 || $1 < 1000 { print shape, door, chunk, "was not counted"; exit 1 }
                { small = $1 / $2; large = $3 / $4; ratio = large / small
                  printf "%-8s %-8s %-7s %10.2f %10.2f %7.3f\n", shape, door, chunk ? "1 byte" : "whole", small, large, ratio
                  exit ratio > 1.05 }' || failed=1
        done
    done
done
if [ "$failed" -ne 0 ]; then
    echo "not linear"
    exit 1
fi
echo "instructions per byte do not grow with the stream"
