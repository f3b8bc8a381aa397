# Builds the program whose instructions are counted, and counts them. Read in by linear.sh and guard.sh; needs valgrind.
# The settings are those of the comparison: what is counted here is the code that is timed there.

export CARGO_PROFILE_BENCH_LTO=fat CARGO_PROFILE_BENCH_CODEGEN_UNITS=1
program=$(cargo bench --quiet --bench instructions --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*instructions[^"]*\)".*/\1/p' | tail -n 1)
[ -x "$program" ] || { echo "the benchmark did not build"; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# `rep movsb` copies any number of bytes in one instruction, but is counted once for each byte, and only machines that have
# it use it. So glibc is told not to.
export GLIBC_TUNABLES=glibc.cpu.hwcaps=-ERMS

# SHAPE BYTES CHUNK DOOR: instructions within `feed`, then the bytes of the stream, then its events.
count() {
    counts=$(valgrind --tool=callgrind --toggle-collect='*instructions*feed*' --callgrind-out-file="$scratch/out" \
        "$program" "$@" 2>"$scratch/log")
    instructions=$(sed -n 's/.*Collected : //p' "$scratch/log")
    echo "$instructions $counts"
}
