#!/bin/bash
# What a browser's own EventSource makes of the encoder's stream: `bash tests/browser/run.sh`, on a Debian machine with Rust.
#
# Chromium opens the page of the example `serve`. In mid-series the server is killed, stays away for a while, and comes back.
# When the series is over and the server has said stop, the page sends back what it has received, and every event of that
# must be a line of expected.jsonl, which was written by hand.
set -euo pipefail
cd "$(dirname "$0")"

readonly COUNT=20
passed=0 failed=0

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# Counts and prints one check: `check WHAT ACTUAL EXPECTED`.
check() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
        echo "ok      $1"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n        got       %s\n        expected  %s\n' "$1" "$2" "$3"
    fi
}

# Waits until a file has a line: `wait_for SECONDS FILE REGEX`.
wait_for() {
    for ((i = 0; i < $1 * 10; i++)); do
        ! grep -q "$3" "$2" || return 0
        sleep 0.1
    done
    echo "no line like '$3' in $1 s: $(cat "$2")"
    return 1
}

# Starts the server on a port, with its output in `NAME.out` and `NAME.log`: `serve PORT NAME`.
serve() {
    "$program" --port "$1" --report --count "$COUNT" --interval 250 --retry 500 >"$temp/$2.out" 2>"$temp/$2.log" &
    server=$!
    for ((i = 0; i < 100; i++)); do
        [ ! -s "$temp/$2.out" ] || return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

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

command -v chromium >/dev/null || {
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
}
chromium --version 2>/dev/null
program=$(cargo build --quiet --example serve --message-format json | sed -n 's/.*"executable":"\([^"]*\)".*/\1/p')

# Ports that no client gets by chance while the server is away.
for ((port = 18080; ; port++)); do
    ! serve "$port" first || break
    [ "$port" -lt 18180 ] || { echo "no free port: $(cat "$temp/first.log")"; exit 1; }
done

# The page is our own, so there is nothing to keep in a sandbox, which containers and root have to do without.
chromium --headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$temp/profile" \
    "http://127.0.0.1:$port/?report" >"$temp/browser.log" 2>&1 &
browser=$!
wait_for 20 "$temp/first.log" 'GET /events' || { cat "$temp/browser.log"; exit 1; }

# The series takes five seconds. The server is away for long enough to be missed.
sleep 2
{ kill -KILL "$server"; wait "$server" || true; } 2>/dev/null
sleep 1
serve "$port" second || { cat "$temp/second.log"; exit 1; }
wait_for 20 "$temp/second.log" 'POST /report' || { cat "$temp/browser.log"; exit 1; }
# Time for a request that must not come.
sleep 1.5

echo
check "expected.jsonl has one line for each event" "$(wc -l <expected.jsonl)" "$COUNT"
check "the first request has no last-event-id" "$(grep /events "$temp/first.log")" "serve: GET /events: 200 OK"

resumed=$(sed -n '1s/^serve: GET \/events, last-event-id "\([0-9]*\)": 200 OK$/\1/p' "$temp/second.log")
check "the browser reconnects with the ID of an event in mid-series: ${resumed:-none}" \
    "$([ "${resumed:-0}" -ge 1 ] && [ "$resumed" -lt "$COUNT" ] && echo yes)" yes
check "at the end of the stream it reconnects with the last ID, and is told to stop" \
    "$(sed -n 2p "$temp/second.log")" "serve: GET /events, last-event-id \"$COUNT\": 204 No Content"
check "so the EventSource is closed" "$(sed -n 3p "$temp/second.log")" "serve: POST /report?readyState=2: 200 OK"
check "and makes no other request" "$(sed 1,3d "$temp/second.log")" ""

# One event a line, as JSON.stringify writes it. None of them contains what is between two.
sed -n '2{s/^\[//; s/\]$//; s/},{/}\n{/g; p}' "$temp/second.out" >"$temp/received.jsonl"
check "every event has come once, in order, across the restart" \
    "$(sed 's/.*"lastEventId":"\([^"]*\)".*/\1/' "$temp/received.jsonl" | xargs)" "$(seq "$COUNT" | xargs)"
shows=("a line break at the end" "an event without a type" "a named event, with JSON" "LF, CR and CRLF are line breaks"
    "leading spaces" "text that is not ASCII" "empty data" "data from a DataWriter" "text that looks like fields")
for ((n = 1; n <= COUNT; n++)); do
    check "event $n: ${shows[n % 9]}" "$(sed -n "${n}p" "$temp/received.jsonl")" "$(sed -n "${n}p" expected.jsonl)"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
