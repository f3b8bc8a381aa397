#!/bin/bash
# Builds the documentation as docs.rs does and reads every page: `.ci/rendered-docs.sh`. A page fails if it shows raw
# Markdown, such as a table without a header, if a link leads nowhere or a reference to the rules has none, or if it does not
# say which feature its item needs.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/docs-rs.sh
python3 - "$docs_rs" "$docs_rs_features" <<'END'
import pathlib
import re
import sys
from html.parser import HTMLParser

# What is left of Markdown when it was not understood. Code may hold all of it.
RAW = [
    (r"^\|", "a row of a table"),
    (r"\|\s*:?-{3}", "the line below a table's header"),
    (r"`", "a backtick"),
    (r"\[\0\]|\]\(|\[[^\[\]]*\]\[|\[\[|^\[\w+\]:", "a link"),
    (r"\*\*|__", "emphasis"),
    (r"^#+ ", "a heading"),
    (r"^[*-] ", "an item of a list"),
    # The digits of a link are left out below, so this one is none.
    (r"\b[Ss]ections? \d", "a reference to the rules, without a link,"),
]
# Elements without an end.
EMPTY = {"br", "wbr", "hr", "img", "input", "meta", "link", "col"}


class Prose(HTMLParser):
    """Keeps the lines of text that come from doc comments and are not code."""

    def __init__(self):
        super().__init__()
        self.open, self.text, self.blocks, self.ids, self.links = [], "", 0, set(), set()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids.add(attributes.get("id"))
        if "docs" in self.open:
            self.links.add(attributes.get("href"))
        if tag in EMPTY:
            return
        classes = (attributes.get("class") or "").split()
        if any(name.startswith("docblock") for name in classes):
            self.open.append("docs")
            self.blocks += 1
        else:
            self.open.append("code" if tag in ("code", "pre", "summary") else tag)
        if tag not in ("a", "em", "strong", "code", "span", "sup"):
            self.text += "\n"

    def handle_endtag(self, tag):
        if tag not in EMPTY:
            self.open.pop()

    def handle_data(self, data):
        if "docs" in self.open:
            # Code keeps its place, so that what comes after it does not look like the start of a line.
            data = "\0" if "code" in self.open else data
            self.text += re.sub(r"\d", "\0", data) if "a" in self.open else data


root = pathlib.Path(sys.argv[1]).resolve()
pages, blocks, wrong = {}, 0, []
for page in sorted(root.rglob("*.html")):
    pages[page] = prose = Prose()
    prose.feed(page.read_text(encoding="utf-8"))
    blocks += prose.blocks
    for line in prose.text.splitlines():
        wrong += [f"{page.name}: {what} is shown raw: {line.strip()}" for raw, what in RAW if re.search(raw, line.strip())]

# rustdoc checks that there is what a link names, but not the place on its page.
for page, prose in pages.items():
    for link in sorted(filter(None, prose.links)):
        path, _, place = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if place and target in pages and place not in pages[target].ids:
            wrong.append(f"{page.name}: {link} leads nowhere")

# One page for each feature that adds items.
BADGES = {
    "struct.Growing": "alloc", "type.BoxedEvent": "alloc", "struct.IoDataWriter": "std", "struct.Event": "heapless-v0.9",
    "struct.Text": "defmt", "struct.Message": "arbitrary", "io/struct.EventReader": "std",
    "stream/struct.EventStream": "futures-core-v0.3",
}
for page, feature in BADGES.items() if sys.argv[2] else []:
    text = re.sub(r"<[^>]*>", "", (root / f"{page}.html").read_text(encoding="utf-8"))
    if f"Available on crate feature {feature} only." not in text:
        wrong.append(f"{page}.html: the feature {feature} is not named")

for fault in dict.fromkeys(wrong):
    print(fault)
if wrong or blocks == 0:
    sys.exit(f"{len(wrong)} faults on {len(pages)} pages")
print(f"{len(pages)} pages, {blocks} doc comments: nothing is raw, every link leads somewhere")
END
