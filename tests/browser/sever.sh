#!/bin/bash
# What a browser's own EventSource makes of streams that `Parser::sever` has ended: `bash tests/browser/sever.sh`, on a
# Debian machine with Rust. See README.md.
#
# It runs Chromium and Firefox ESR, or the one that is named. `--every-cut` may follow the name, and takes a minute or two.
set -euo pipefail
cd "$(dirname "$0")"
. ../../.ci/debian.sh

case ${1:-} in
    '' | chromium | firefox) ;;
    *) echo "usage: sever.sh [chromium|firefox [--every-cut]]"; exit 2 ;;
esac

# Ends the processes that this script has started, and no others.
server='' browser=''
stop() {
    for pid in $server $browser; do
        { kill "$pid" && wait "$pid" || true; } 2>/dev/null
    done
    # The browser's own processes end a moment later, and may still be writing.
    rm -rf "$temp" 2>/dev/null || { sleep 1; rm -rf "$temp" || true; }
}
temp=$(mktemp -d)
trap stop EXIT
trap 'exit 1' INT TERM

# The page is our own, so there is nothing to keep in a sandbox, which containers and root have to do without.
chromium_at() {
    exec chromium --headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$temp/chromium" "$1"
}

firefox_at() {
    mkdir "$temp/firefox"
    cp firefox.js "$temp/firefox/user.js"
    export HOME=$temp/firefox MOZ_DISABLE_CONTENT_SANDBOX=1 MOZ_DISABLE_SOCKET_PROCESS_SANDBOX=1
    exec firefox-esr --headless --no-remote --profile "$temp/firefox" "$1"
}

# Lets a browser open the page, and prints what the server has found: `run chromium|firefox [--every-cut]`.
run() {
    local start=$SECONDS result=0
    "$program" "$@" >"$temp/$1.out" &
    server=$!
    for ((i = 0; i < 100; i++)); do
        [ ! -s "$temp/$1.out" ] || break
        sleep 0.1
    done
    "$1_at" "$(head -1 "$temp/$1.out")" >"$temp/$1.log" 2>&1 &
    browser=$!
    wait "$server" || result=$?
    { kill "$browser" && wait "$browser" || true; } 2>/dev/null
    server='' browser=''
    sed 1d "$temp/$1.out"
    echo "$1: $((SECONDS - start)) s"
    [ "$result" -eq 0 ] || tail "$temp/$1.log"
    return "$result"
}

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-../../target/browser}
program=$(cargo build --quiet --locked --manifest-path server/Cargo.toml --message-format json |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')
debian chromium firefox-esr
chromium --version 2>/dev/null
firefox-esr --version 2>/dev/null

if [ $# -gt 0 ]; then
    run "$@"
else
    run chromium
    run firefox
fi
