#!/bin/bash
# What other implementations make of the vectors: `bash tests/vectors/field/run.sh`, on a Debian machine with Rust.
#
# The first run installs them, in the versions that the lock files name. The result must be the table of ../FIELD.md;
# `--record` writes it anew, and `--failed NAME` prints what one of them fails.
set -euo pipefail
cd "$(dirname "$0")"
. ../../../.ci/debian.sh
. ../../../.ci/clients.sh

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-../../../target/field} NODE_NO_WARNINGS=1
clients . field
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

node node.mjs ../vectors.jsonl >"$temp/node"
python python.py ../vectors.jsonl >"$temp/python"
cargo run --quiet --locked --manifest-path rust/Cargo.toml >"$temp/rust"
python compare.py "$temp"/* "$@"
