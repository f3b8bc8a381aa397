"""Compares what came out with the vectors, and makes the table of ../FIELD.md: `compare.py FILE...`.

Fails if the table is not the recorded one; `--record` writes it anew. A name instead, `--failed NAME`, prints the vectors
that this implementation fails.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

FIELD = Path(__file__).parent.parent / "FIELD.md"
SECTIONS = ["1", "2", "3", "4", "5", "6", "7", "8", "11"]


def expected(vector, ids):
    """The events of a vector, as an implementation can show them that shows these IDs."""
    shown = {
        "carried": lambda event: event["last_event_id"],
        "own": lambda event: event["id"],
        "own-or-empty": lambda event: event["id"] or "",
        "none": lambda _: None,
    }[ids]
    return [{"type": event["type"], "data": event["data"], "id": shown(event)} for event in vector["events"]]


arguments = sys.argv[1:]
failed_of = arguments.pop(arguments.index("--failed") + 1) if "--failed" in arguments else None
files = [argument for argument in arguments if not argument.startswith("--")]

with open(Path(__file__).parent.parent / "vectors.jsonl", encoding="ascii") as file:
    vectors = {vector["name"]: vector for vector in map(json.loads, file)}

# For each implementation and cut, the vectors that it passes, and how many it was asked for.
passed, asked = defaultdict(set), defaultdict(int)
about = {}
for name in files:
    # Not splitlines, which takes U+2028 for the end of a line too.
    for result in map(json.loads, Path(name).read_text("utf-8").split("\n")[:-1]):
        vector, cut = vectors[result["vector"]], result["cut"]
        key = f"{result['implementation']} {result['version']} ({result['registry']})"
        about[key] = result["ids"]
        asked[key, cut] += 1
        if result["error"] is None and result["events"] == expected(vector, result["ids"]):
            passed[key, cut].add(vector["name"])
        elif failed_of and failed_of in key:
            print(key, cut, vector["name"], json.dumps(result["events"]), result["error"])
if failed_of:
    sys.exit()
for (key, cut), count in asked.items():
    if count != len(vectors):
        sys.exit(f"{key} has read {count} of {len(vectors)} vectors ({cut})")

rows = [["implementation", "ID", "whole", "in 1-byte chunks", "whole, valid UTF-8 only", "fails, by section"]]
rows.append(["---", "---", "--:", "--:", "--:", "---"])
valid = {name for name, vector in vectors.items() if vector["valid_utf8"]}
for key in sorted(about, key=lambda key: (-len(passed[key, "whole"]), -len(passed[key, "bytes"]), key)):
    whole = passed[key, "whole"]
    fails = defaultdict(int)
    for name, vector in vectors.items():
        fails[vector["section"]] += name not in whole
    by_section = ", ".join(f"{section}: {fails[section]}" for section in SECTIONS if fails[section])
    counts = [len(whole), len(passed[key, "bytes"]), len(whole & valid)]
    ids = about[key].replace("-", " ")
    rows.append([key, ids, *map(str, counts), by_section])
rows.insert(2, ["**all**", "", *[f"**{count}**" for count in (len(vectors), len(vectors), len(valid))], ""])
table = "".join(f"| {' | '.join(row)} |\n" for row in rows)

start, end = "<!-- table -->\n", "<!-- end -->"
head, rest = FIELD.read_text().split(start)
recorded, tail = rest.split(end)
if "--record" in arguments:
    FIELD.write_text(head + start + table + end + tail)
elif table != recorded:
    sys.exit(f"the table of FIELD.md is another one now:\n{table}")
print(f"{len(about)} implementations, {len(vectors)} vectors, {sum(asked.values())} readings")
