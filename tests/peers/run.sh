#!/bin/bash
# What clients that are not ours read of what the crate writes: `bash tests/peers/run.sh`, on a Debian machine with Rust.
#
# The first run installs the clients, in the versions that requirements.txt and package-lock.json name. See README.md.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/debian.sh
. ../../.ci/clients.sh

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-../../target/peers}
clients . peers
program=$(cargo build --quiet --locked --message-format json | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
python run.py "$program" "$@"
