#!/bin/sh
# Counts the instructions (callgrind) of our loops over 64 KiB of each corpus and fails if one has grown by over 5 % since
# instructions.tsv was recorded. `guard.sh --record` records them. Needs valgrind, and takes about a minute.
#
# Another compiler makes other code: if its minor version is another one than that of the record, or the vector instructions
# of the machine are, growth is only reported.
set -eu
cd "$(dirname "$0")/.."
. benches/callgrind.sh

record=benches/instructions.tsv
version=$(rustc -V)
host=$(rustc -vV | sed -n 's/^host: //p')
vectors=$(grep -qw avx2 /proc/cpuinfo 2>/dev/null && echo avx2 || echo plain)

# CORPUS DOOR CHUNK, all that is watched.
tasks() {
    for corpus in openai anthropic ticker crlf unicode tiny heartbeat log long; do
        echo "$corpus next 16384"
        echo "$corpus next 1460"
        echo "$corpus advance 16384"
        echo "$corpus tokens 16384"
        [ $corpus = crlf ] || echo "$corpus encode 0"
    done
    echo "ticker str 16384"
    for corpus in openai ticker log long; do
        echo "$corpus next 64"
        echo "$corpus next 1"
    done
    echo "ticker advance 1"
    echo "ticker tokens 1"
    echo "openai encoder 1460"
    echo "long encoder 1460"
}

measured=$scratch/measured
{
    printf '# %s\n# %s %s\n' "$version" "$host" "$vectors"
    printf 'corpus\tdoor\tchunk\tinstructions\tper byte\tper message\n'
    tasks | while read -r corpus door chunk; do
        set -- $(count "$corpus" 65536 "$chunk" "$door" </dev/null)
        [ $# -eq 3 ] && [ "$1" -gt 1000 ] || { echo "$corpus $door $chunk was not counted" >&2; exit 1; }
        awk -v i="$1" -v bytes="$2" -v messages="$3" -v task="$corpus\t$door\t$chunk" \
            'BEGIN { printf "%s\t%d\t%.3f\t%.1f\n", task, i, i / bytes, i / messages }'
    done
} >"$measured"

if [ "${1:-}" = --record ]; then
    cp "$measured" "$record"
    echo "recorded $(tasks | wc -l) counts in $record"
    exit
fi

minor() { sed -n '1s/^# rustc \([0-9]*\.[0-9]*\).*/\1/p' "$1"; }
same=1
if [ "$(minor "$record")" != "$(minor "$measured")" ] || [ "$(sed -n 2p "$record")" != "$(sed -n 2p "$measured")" ]; then
    same=0
    echo "NOTE: recorded with another compiler or machine, so growth is reported and does not fail:"
    echo "  recorded: $(sed -n 1,2p "$record" | tr -d '#' | tr '\n' ';')"
    echo "  here:     $(sed -n 1,2p "$measured" | tr -d '#' | tr '\n' ';')"
elif [ "$(sed -n 1p "$record")" != "# $version" ]; then
    echo "note: recorded with$(sed -n '1s/#//p' "$record"), this is $version"
fi

awk -F '\t' -v same=$same '
    /^#/ || $1 == "corpus" { next }
    { task = $1 "\t" $2 "\t" $3 }
    FNR == NR { recorded[task] = $4; next }
    {
        if (!(task in recorded)) { printf "%-10s %-8s %6s  not in the record\n", $1, $2, $3; missing = 1; next }
        ratio = $4 / recorded[task]; delete recorded[task]; count++
        if (ratio > 1.05) { grown++; verdict = "GROWN" } else if (ratio < 0.95) { shrunk++; verdict = "shrunk" } else next
        printf "%-10s %-8s %6s  %9.3f instructions per byte, %+.1f %%  %s\n", $1, $2, $3, $5, (ratio - 1) * 100, verdict
    }
    END {
        for (task in recorded) { print task "  is in the record and was not counted"; missing = 1 }
        printf "%d counts: %d grown by over 5 %%, %d shrunk\n", count, grown, shrunk
        if (shrunk) print "the record can be renewed: benches/guard.sh --record"
        if (missing) print "the record is of other loops: benches/guard.sh --record"
        exit missing || (grown && same)
    }' "$record" "$measured"
