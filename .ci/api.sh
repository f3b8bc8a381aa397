#!/bin/bash
# Compares the public interface with its record, docs/api.txt, and fails if they differ: `.ci/api.sh`. `.ci/api.sh --record`
# renews the record.
#
# The record is made from the pages of the documentation, which change less from one compiler to the next than what rustdoc
# writes for programs: from 1.85 to 1.97 they make one record, but compilers before 1.92 do not know the features. It has a
# line for each item and each method, with its signature, and for each implementation of a trait, and says which feature that
# needs. What every type has is left out, but for Send, Sync and Unpin.
set -euo pipefail
cd "$(dirname "$0")/.."
record=docs/api.txt
. .ci/docs-rs.sh
found=$(python3 - "$docs_rs" <<'END'
import pathlib
import re
import sys
from html.parser import HTMLParser

# The lists of implementations on a page. The blanket ones are those that every type has.
LISTS = {"implementations", "trait-implementations", "synthetic-implementations", "blanket-implementations", "implementors"}
EMPTY = {"br", "wbr", "hr", "img", "input", "meta", "link", "col"}


class Page(HTMLParser):
    """Collects the signatures of a page: (list, kind, text, features), where kind is a class of rustdoc's."""

    def __init__(self):
        super().__init__()
        self.signatures = []
        self.list = self.section = None
        # The text that is being read, and the number of elements that are open within it.
        self.text, self.depth = None, 0

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        classes = (attributes.get("class") or "").split()
        if attributes.get("id") in LISTS:
            self.list = attributes["id"]
        if tag == "section" and classes:
            self.section = classes[0]
        if self.text is not None:
            self.depth += tag not in EMPTY
            # So that `std::io::Write` is not `core::fmt::Write`.
            kind, _, path = (attributes.get("title") or "").partition(" ")
            if kind == "trait" and path.startswith("std::"):
                self.text.append(path.rsplit("::", 1)[0] + "::")
            self.end_word(tag)
        elif {"item-decl", "code-header", "portability"} & set(classes):
            self.text, self.depth, self.is_feature = [], 1, "portability" in classes
            self.kind = "item" if "item-decl" in classes else self.section

    def end_word(self, tag):
        if tag in ("div", "br"):
            self.text.append(" ")

    def handle_endtag(self, tag):
        if self.text is None:
            return
        self.end_word(tag)
        self.depth -= tag not in EMPTY
        if self.depth > 0:
            return
        text = re.sub(r"\s+", " ", "".join(self.text)).strip()
        self.text = None
        if not self.is_feature:
            self.signatures.append((self.list, self.kind, text, []))
        elif self.signatures:
            self.signatures[-1][3].extend(re.findall(r"[Ff]eatures? (.*) only", text))

    def handle_data(self, data):
        if self.text is not None:
            self.text.append(data)


def tidy(signature):
    """Takes out attributes and values that no caller's code depends on, marks for readers, and how lines were broken."""
    signature = re.sub(r"#\[(must_use|repr)[^\]]*\] ?| ?ⓘ", "", signature)
    signature = re.sub(r"([(\[]) ", r"\1", re.sub(r",? ([)\]])", r"\1", signature))
    return re.sub(r"^(pub const \w+: .*?)( = .*|;)$|,$", r"\1", signature)


root = pathlib.Path(sys.argv[1])
lines = set()
for page in root.rglob("*.*.html"):
    reader = Page()
    reader.feed(page.read_text(encoding="utf-8"))
    path = "::".join(["sse_wire", *page.relative_to(root).parts[:-1], page.name.split(".")[1]])
    within = None
    # Pages that only lead to another one have no signature. That of an alias has a second one, of what it stands for.
    outer = None
    for part, kind, text, features in reader.signatures:
        text = tidy(text)
        if kind == "item":
            if outer is None:
                outer = features
                lines.add((path, text, *features))
        elif part == "implementors" or part == "blanket-implementations":
            continue
        elif kind == "impl":
            # The feature of a derived implementation is not on its page.
            derived = ["defmt"] if re.search(r"\bFormat for ", text) else []
            within, inner = text, outer + features + derived
            if part == "implementations" or "StructuralPartialEq" in text:
                continue
            if part != "synthetic-implementations" or re.search(r"\b(Send|Sync|Unpin) for ", text):
                lines.add((path, text, *inner))
        elif part == "implementations":
            lines.add((path, f"{within} {{ {text} }}", *inner, *features))
        elif part == "trait-implementations" and kind in ("associatedtype", "associatedconstant"):
            lines.add((path, f"{within} {{ {text} }}", *inner, *features))
for path, text, *features in sorted(lines):
    print(f"{path}: {text}" + "".join(f"  # feature {feature}" for feature in dict.fromkeys(features)))
END
)
if [ "${1-}" = --record ]; then
    echo "$found" >"$record"
    echo "recorded $(wc -l <"$record") items in $record"
    exit
fi
without_features() { if [ -n "$docs_rs_features" ]; then cat; else sed 's/  # feature .*//'; fi; }
if ! diff -U0 <(without_features <"$record") <(without_features <<<"$found"); then
    echo "the public interface differs from its record. If that is meant: .ci/api.sh --record, and a line in CHANGELOG.md"
    exit 1
fi
echo "$(wc -l <"$record") items, as recorded"
