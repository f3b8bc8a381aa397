"""Starts the server, has each client follow every stream, and compares what it received with what was meant.

`run.py SERVER` fails on a difference; `run.py SERVER --record` writes the README's table anew.
"""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from itertools import product
from pathlib import Path

HERE = Path(__file__).parent
SPLITS = ["whole", "bytes", "random-1", "random-2", "random-3", "random-4", "close-1", "close-2"]
HEARTBEATS = ["none", "between", "lines"]


def node(package):
    found = json.loads((Path(os.environ["NODE_PATH"]) / package / "package.json").read_text())
    return f"{package} {found['version']}", ["node", "clients/event_source.mjs", package]


def python(package, file):
    return f"{package} {version(package)}", ["python", f"clients/{file}"]


CLIENTS = [
    node("eventsource"),
    node("undici"),
    python("httpx-sse", "httpx_sse_client.py"),
    python("openai", "openai_decoder.py"),
]
CHAT = python("openai", "openai_chat.py")

# What clients differ in, as the README's table shows it.
LAX = {
    "event-after-id": "an event without an ID, after one with ID 7",
    "id": "`id: 7`, blank line",
    "type": "`event: tick`, blank line",
    "retry": "`retry: 3000`, blank line",
    "comment": "`: text`, blank line, before there was an ID",
    "comment-after-id": "`: text`, blank line, after an event with ID 7",
    "heartbeat-after-id": "`:`, no blank line, after an event with ID 7",
    "cut-event": "an event with ID 7, then the connection ends",
    "cut-id": "`id: 7`, blank line, then the connection ends",
}
LAX_SPLITS = ["whole", "bytes", "random-1"]

failures = 0


def fail(what):
    global failures
    failures += 1
    print(f"FAILED  {what}")


def expected(name, client):
    """The events that the script means, as the client can show them."""
    events = [json.loads(line) for line in (HERE / "expected" / f"{name}.jsonl").read_text("ascii").splitlines()]
    for event in events:
        if isinstance(event["data"], dict):
            event["data"] = event["data"]["repeat"] * event["data"]["times"]
        # It shows the ID that an event sets, and none for one that sets none.
        if not event.pop("sets_id", False) and client[0].startswith("eventsource "):
            event["id"] = ""
    return events


def follow(client, paths):
    """Returns what the client received from each path, and what it failed with, or None."""
    name, command = client
    client = subprocess.Popen([*command, base, *paths], cwd=HERE, stdout=subprocess.PIPE, text=True)
    try:
        output = client.communicate(timeout=120)[0]
    except subprocess.TimeoutExpired:
        client.kill()
        output = client.communicate()[0]
        fail(f"{name}: not done in 120 s")
    if client.returncode:
        fail(f"{name}: exit code {client.returncode}")
    received = {path: ([], []) for path in paths}
    # Not splitlines, which takes U+2028 for the end of a line too.
    for line in map(json.loads, output.split("\n")[:-1]):
        events, ends = received[line.pop("path")]
        (events if "type" in line else ends).append(line)
    for path, (events, ends) in received.items():
        if len(ends) != 1:
            fail(f"{name} {path}: ends {len(ends)} times")
    return {path: (events, ends[-1].get("error") if ends else None) for path, (events, ends) in received.items()}


def exact(client, stream):
    """The promise: the same events, with or without heartbeats, wherever the bytes are cut."""
    want = expected(stream, client)
    paths = [f"/{stream}/{heartbeats}/{split}" for heartbeats, split in product(HEARTBEATS, SPLITS)]
    received = follow(client, paths)
    wrong = 0
    for path, (events, error) in received.items():
        if error is None and events == want:
            continue
        wrong += 1
        if wrong > 3:
            continue
        at = next((n for n, pair in enumerate(zip(events, want)) if pair[0] != pair[1]), min(len(events), len(want)))
        shown = [json.dumps((of + [None])[at])[:200] if at <= len(of) else "" for of in (events, want)]
        fail(f"{client[0]} {path}: event {at + 1}: got {shown[0]}, want {shown[1]}, error {error}")
    count = sum(len(events) for events, _ in received.values())
    print(f"{'ok' if wrong == 0 else 'FAILED':7} {client[0]:18} {stream:9} {len(paths)} streams, {count} events, {wrong} wrong")


def shown(event):
    """An event as a cell of the table shows it."""
    data = f"data `{event['data']}`" if event["data"] else "no data"
    return f"`{event['type']}`, {data}, {'ID `' + event['id'] + '`' if event['id'] else 'no ID'}"


def lax_cell(name, events):
    """What stands before and behind is the script's own, and left out."""
    if events and events[-1]["type"] == "end":
        events = events[:-1]
    if name.startswith("cut-"):
        comes = [event["data"] for event in events if event["data"].startswith("back ")]
        return " ".join(comes) or "does not come back"
    between = [event for event in events if event["data"] not in ("before", "after")]
    # The ID of what follows is the point where there was one, and of no interest elsewhere.
    after = [f"then ID `{event['id']}`" if event["id"] else "then no ID" for event in events if event["data"] == "after"]
    cell = "; ".join(map(shown, between)) or "nothing"
    if name == "event-after-id":
        return after[0].removeprefix("then ")
    return f"{cell}, {after[0]}" if name == "id" else cell


def lax(client):
    """What the client makes of what is not quite a message: a cell for each."""
    # The server remembers who has been there, so each client has paths of its own.
    mine = client[0].replace(" ", "-")
    received = follow(client, [f"/{name}/none/{split}/{mine}" for name, split in product(LAX, LAX_SPLITS)])
    cells = []
    for name in LAX:
        got = set()
        for split in LAX_SPLITS:
            events, error = received[f"/{name}/none/{split}/{mine}"]
            data = [event["data"] for event in events if event["data"]]
            want = ["before"] * name.endswith("-after-id") + ["after"]
            if error or not name.startswith("cut-") and data != want:
                fail(f"{client[0]} /{name}/none/{split}: {events}, error {error}")
            got.add(lax_cell(name, events))
        if len(got) != 1:
            fail(f"{client[0]} /{name}: what it shows depends on where the stream is cut: {got}")
        cells.append(got.pop())
    return cells


def planted(client):
    """What the client makes of heartbeats with a blank line behind each: a cell."""
    want = expected("messages", client)
    got = set()
    for path, (events, error) in follow(client, [f"/messages/blank/{split}" for split in LAX_SPLITS]).items():
        rest = iter(want)
        following = next(rest)
        extra = 0
        for event in events:
            if event == following:
                following = next(rest, None)
            elif event["type"] == "message" and not event["data"]:
                extra += 1
            else:
                fail(f"{client[0]} {path}: {json.dumps(event)[:200]}")
                break
        if error or following:
            fail(f"{client[0]} {path}: {following} is missing, error {error}")
        got.add(f"{extra} empty events" if extra else "nothing")
    if len(got) != 1:
        fail(f"{client[0]} with blank lines: what it shows depends on where the stream is cut: {got}")
    return got.pop()


def planted_chat():
    got = set()
    for events, error in follow(CHAT, [f"/chat/blank/{split}" for split in LAX_SPLITS]).values():
        got.add(f"`{(error or 'no error').partition(':')[0]}` after {len(events)} of {len(expected('chat', CHAT))} chunks")
    if len(got) != 1:
        fail(f"{CHAT[0]} chat with blank lines: what it does depends on where the stream is cut: {got}")
    return got.pop()


def table():
    columns = [[client[0], *lax(client), planted(client)] for client in CLIENTS]
    labels = ["", *LAX.values(), "`:`, blank line, around each of the messages"]
    rows = [[label, *cells] for label, *cells in zip(labels, *columns)]
    rows.append(["`:`, blank line, around each part of a chat completion", "", "", "", planted_chat()])
    rows.insert(1, ["---"] * len(rows[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


os.environ["NODE_NO_WARNINGS"] = "1"
server = subprocess.Popen([sys.argv[1]], stdout=subprocess.PIPE, text=True)
try:
    base = f"http://127.0.0.1:{int(server.stdout.readline())}"
    for client in CLIENTS:
        exact(client, "messages")
    exact(CHAT, "chat")

    readme = HERE / "README.md"
    start, end = "<!-- table -->\n", "<!-- end -->"
    head, rest = readme.read_text().split(start)
    recorded, tail = rest.split(end)
    found = table()
    # A heartbeat with a blank line is a mistake that the clients of the table must show, or they would prove nothing.
    if found.count("empty events") != 2 or "JSONDecodeError" not in found:
        fail("heartbeats with a blank line go unnoticed")
    if sys.argv[2:] == ["--record"]:
        readme.write_text(head + start + found + end + tail)
    elif found != recorded:
        fail(f"the table of README.md is another one now:\n{found}")
    else:
        print(f"{'ok':7} the table of README.md holds, planted mistakes included")
finally:
    server.kill()
    server.wait()
sys.exit(failures > 0)
