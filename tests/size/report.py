"""Writes results.md from programs that measure.sh has built and run: `report.py PROGRAMS VERSIONS [--readme | --check]`."""

import re
import sys
from datetime import date
from pathlib import Path

import elf

RESULTS = Path(__file__).with_name("results.md")
README = RESULTS.parent.parent.parent / "README.md"
TARGETS = {
    "thumbv6m-none-eabi": "Cortex-M0",
    "thumbv7em-none-eabihf": "Cortex-M4F",
    "riscv32imc-unknown-none-elf": "RISC-V 32 IMC",
}
MAIN = "thumbv7em-none-eabihf"
LEVELS = ["s", "z"]
FEATURES = ["bare", "memchr"]

# What a firmware has of the crate, and the program that has only this.
PARTS = {
    "`Tokenizer`": "tokenizer",
    "`advance`, `event`, `end`": "advance",
    "`next`, `end`": "next",
    "all of reading": "reading",
    "`Encoder`": "encoder",
    "`segments`": "segments",
    "`encode`": "encode",
    "`DataWriter`": "data_writer",
    "all of writing": "writing",
    "`advance` and `Encoder`": "both",
    "`EventSource`": "follow",
    "`EventLog::push`, `fill`": "push_and_fill",
    "all of `server`": "server",
}
# Calls whose stack matters: those that move no buffer of the caller's size by value.
CALLS = {
    "Tokenizer::next": "tokenizer_next",
    "Parser::advance": "parser_advance",
    "Parser::event": "parser_event",
    "Parser::next": "parser_next",
    "Parser::end": "parser_end",
    "Parser::reconnect": "parser_reconnect",
    "Parser::last_event_id": "parser_last_event_id",
    "Parser::set_last_event_id": "parser_set_last_event_id",
    "EventSource::poll": "source_poll",
    "EventSource::response": "source_response",
    "EventSource::advance": "source_advance",
    "EventSource::next": "source_next",
    "EventSource::ended": "source_ended",
    "EventSource::resume_from": "source_resume_from",
    "Event::copy_into": "event_copy_into_slice",
    "Text::to_str": "text_to_str",
    "EventType::new": "event_type_new",
    "EventId::new": "event_id_new",
    "EventId::is_header_safe": "event_id_is_header_safe",
    "Message::encoded_len": "message_encoded_len",
    "Message::encode": "message_encode",
    "Message::segments": "message_segments",
    "Segments::next": "segments_next",
    "Message::encoder": "message_encoder",
    "Encoder::write": "encoder_write",
    "DataWriter::new": "data_writer_new",
    "DataWriter::write_str": "data_writer_write_str",
    "DataWriter::finish": "data_writer_finish",
    "DataWriter::abort": "data_writer_abort",
}
# What must hold on the main target at level s, with and without default features, in bytes.
LIMITS = {
    **{"tokenizer": 1024, "advance": 3072, "follow": 6144},
    **dict.fromkeys(["encoder", "segments", "encode", "data_writer"], 2048),
    **{"push_and_fill": 4096, "server": 8192},
    **{"Tokenizer": 2, "Parser<[u8; 0]>": 72},
    **dict.fromkeys(CALLS, 256),
    **{"EventSource<[u8; 0]>": 159},
}


class Measured:
    """What was measured of one target at one level with one set of features."""

    def __init__(self, programs, target, level, features):
        folder = programs / target / level / features
        baseline = elf.flash(folder / "baseline")
        self.flash = {part: elf.flash(folder / part) - baseline for part in PARTS.values()}
        self.sizes, self.laps = laps(folder)
        # At level z the compiler takes functions apart, so that no one of them says what it needs.
        self.stack = stack(folder.with_name(f"{features},doors") / "doors") if level == "s" else {}

    def worst(self, prefixes):
        return max(size for call, (size, _) in self.stack.items() if call.startswith(prefixes))


def stack(doors):
    """The deepest stack of each call, and the chain of calls to there."""
    found = {}
    for call, door in CALLS.items():
        size, chain, unknown = elf.depth(doors, door)
        if unknown:
            sys.exit(f"the stack of {call} is not known in {doors}: {unknown}")
        found[call] = (size, chain)
    return found


def laps(folder):
    """The sizes and the laps that a run has printed: instructions and heap by (corpus, what, chunk)."""
    sizes, found = {}, {}
    for line in (folder / "laps.tsv").read_text().splitlines():
        kind, *fields = line.split("\t")
        if kind == "size":
            sizes[fields[0]] = int(fields[1])
        else:
            corpus, what, *numbers = fields
            chunk, length, events, count, heap = map(int, numbers)
            found[corpus, what, chunk] = (count / length, count / events, heap)
    return sizes, found


def table(head, rows):
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def number(value):
    return f"{value:,}".replace(",", " ")


def flash_table(measured):
    rows = []
    for (target, level, features), found in measured.items():
        rows.append([target, level, features, *(number(found.flash[part]) for part in PARTS.values())])
    return table(["target", "level", "features", *PARTS], rows)


def common_table(programs):
    rows = []
    for target in TARGETS:
        program = programs / target / "s" / "memchr" / "writing"
        sizes = [(size, name) for size, name in elf.symbols(program) if elf.COMMON.match(name)]
        rows.append([target, number(sum(size for size, _ in sizes))])
    return table(["target", "`memcpy`, `memset`"], rows)


def size_table(measured):
    names = list(measured[MAIN, "s", "bare"].sizes)
    rows = [[target, *(measured[target, "s", "bare"].sizes[name] for name in names)] for target in TARGETS]
    return table(["target", *(f"`{name}`" for name in names)], rows)


def stack_table(measured):
    columns = [(target, features) for target in TARGETS for features in FEATURES]
    rows = [
        [f"`{call}`", *(measured[target, "s", features].stack[call][0] for target, features in columns)] for call in CALLS
    ]
    return table(["call", *(f"{TARGETS[target]}, {features}" for target, features in columns)], rows)


def chains(measured):
    """The deepest calls, as a programmer would look for them."""
    stack = measured[MAIN, "s", "bare"].stack
    lines = []
    for call, (size, chain) in sorted(stack.items(), key=lambda item: -item[1][0])[:6]:
        path = " → ".join(f"{short(name)} {frame}" for name, frame in chain)
        lines.append(f"* `{call}` {size}: {path}\n")
    return "".join(lines)


def short(name):
    """The last word of a mangled name."""
    words = re.findall(r"(?<=\d)(?!h[0-9a-f]{16})[a-z_]{2,}", re.sub(r"17h[0-9a-f]{16}E.*|\.llvm.*", "", name))
    return words[-1] if name.startswith("_") and words else name


def lap_table(measured, features):
    whats = ["tokenizer", "next", "advance", "encode", "encoder", "segments"]
    rows = []
    for target in TARGETS:
        found = measured[target, "s", features].laps
        for corpus, chunk in sorted({(corpus, chunk) for corpus, _, chunk in found if chunk not in (0, 64)}, reverse=True):
            row = [f"{found[corpus, what, chunk][0]:.1f} ({found[corpus, what, chunk][1]:.0f})" for what in whats[:3]]
            row += [
                f"{found[corpus, what, at][0]:.1f} ({found[corpus, what, at][1]:.0f})" if chunk == 1460 else ""
                for what, at in zip(whats[3:], [0, 64, 0])
            ]
            rows.append([target, corpus, chunk, *row])
    return table(["target", "stream", "chunks of", *(f"`{what}`" for what in whats)], rows)


def peer_tables(programs, measured):
    folder = programs / MAIN / "s" / "memchr,peers"
    ours = measured[MAIN, "s", "memchr"]
    baseline = elf.flash(programs / MAIN / "s" / "memchr" / "baseline")
    sizes, found = laps(folder)
    corpora = list(dict.fromkeys(corpus for corpus, *_ in found))
    flash = []
    rows = [["sse-wire, `advance`", number(ours.flash["advance"]), sizes["Parser<[u8; 0]>"], *["the buffer"] * len(corpora)]]
    for name, state, program in [
        ("sse-core", "sse_core::SseDecoder", "peer_sse_core"),
        ("sse-parse", "sse_parse::SseParser", "peer_sse_parse"),
    ]:
        heap = (number(max(found[corpus, program[5:], chunk][2] for chunk in (1460, 256, 1))) for corpus in corpora)
        flash.append((name, elf.flash(folder / program) - baseline))
        rows.append([name, number(flash[-1][1]), sizes[state], *heap])
    memory = table(["parser", "flash", "state", *(f"heap, {corpus}" for corpus in corpora)], rows)
    rows = []
    for corpus in corpora:
        for chunk in (1460, 256, 1):
            row = (f"{found[corpus, what, chunk][0]:.1f}" for what in ("next", "advance", "sse_core", "sse_parse"))
            rows.append([corpus, chunk, *row])
    return flash, memory, table(["stream", "chunks of", "`next`", "`advance`", "sse-core", "sse-parse"], rows)


def short_table(measured, peers):
    """What the README shows."""
    small, smaller = ([measured[target, level, "bare"] for target in TARGETS] for level in LEVELS)
    rows = []
    for name, part in [
        ("flash: `Tokenizer`", "tokenizer"),
        ("flash: `Parser`, by `advance`", "advance"),
        ("flash: `Encoder`", "encoder"),
        ("flash: both", "both"),
    ]:
        rows.append([name, *(f"{number(s.flash[part])} / {number(z.flash[part])}" for s, z in zip(small, smaller))])
    for name in ["Tokenizer", "Parser<[u8; 0]>", "Encoder"]:
        rows.append([f"RAM: `{name}`", *(s.sizes[name] for s in small)])
    for name, calls in [
        ("stack: the deepest call of reading", ("Parser", "Tokenizer")),
        ("stack: the deepest call of writing", ("Message", "Segments", "Encoder", "DataWriter")),
    ]:
        rows.append([name, *(s.worst(calls) for s in small)])
    for name, lap in [
        ("instructions a byte (an event): LLM deltas, read", ("LLM deltas", "advance", 1460)),
        ("ticker, read", ("ticker", "advance", 1460)),
        ("LLM deltas, written through 64 bytes", ("LLM deltas", "encoder", 64)),
        ("ticker, written through 64 bytes", ("ticker", "encoder", 64)),
    ]:
        rows.append([name, *("{:.0f} ({:.0f})".format(*s.laps[lap][:2]) for s in small)])
    for name, flash in peers:
        rows.append([f"for comparison: {name} and an allocator, flash", "", number(flash), ""])
    return table(["bytes; flash at opt-level s / z", *TARGETS.values()], rows)


def check(measured, versions):
    """Fails if a limit does not hold. Another compiler makes other code, so of one that is not the record's it only tells."""
    broken = []
    for features in FEATURES:
        found = measured[MAIN, "s", features]
        values = {**found.flash, **found.sizes, **{call: size for call, (size, _) in found.stack.items()}}
        broken += [
            f"{name}, {features}: {values[name]} bytes, and the limit is {limit}"
            for name, limit in LIMITS.items()
            if values[name] > limit
        ]
    print("\n".join(broken) or "every limit holds")
    compiler = re.search(r"rustc 1\.\d+", versions)[0]
    if broken and compiler in RESULTS.read_text():
        sys.exit(1)


def main():
    programs, versions, options = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    measured = {
        (target, level, features): Measured(programs, target, level, features)
        for target in TARGETS
        for level in LEVELS
        for features in FEATURES
    }
    if "--check" in options:
        return check(measured, versions)
    peers, memory, speed = peer_tables(programs, measured)
    brief = short_table(measured, peers)
    with_features = lap_table(measured, "memchr")
    if with_features == lap_table(measured, "bare"):
        with_features = "The same: on bare metal `memchr` is not used.\n"
    RESULTS.write_text(f"""# Size

Measured on {date.today()} by `tests/size/measure.sh` with {versions}.

## Flash

Bytes of code, constants and initial values that a firmware grows by when it takes up a part of the crate, with a loop
around it that uses the results: [`src/firmware.rs`](src/firmware.rs). Fat link-time optimisation, one codegen unit,
`panic = "abort"`. `memcpy` and `memset`, which every firmware has, are not counted.

{flash_table(measured)}
What was not counted, with all of writing, at level s:

{common_table(programs)}
## Memory

Bytes of each type.

{size_table(measured)}
## Stack

The deepest stack of each call in bytes at level s, a frame around it for the result included. Read from the program's
instructions: [`elf.py`](elf.py). None of these calls is recursive or goes through a pointer.

{stack_table(measured)}
The deepest, on {MAIN} without features, function by function:

{chains(measured)}
## Instructions

A byte of the stream and, in brackets, an event, at level s, on an emulated board that counts them. `encoder` goes through
a window of 64 bytes.

Without default features:

{lap_table(measured, "bare")}
With them:

{with_features}
## Beside parsers that allocate

On {MAIN} at level s, with default features; for the peers without theirs, and with `linked_list_allocator`. Their heap is
the most in use at once, over chunks of 1460, 256 and 1 bytes.

{memory}
Instructions a byte:

{speed}""")
    print(brief)
    if "--readme" in options:
        text, count = re.subn(
            r"(<!-- size table -->\n).*?(<!-- end -->)", rf"\g<1>{brief}\g<2>", README.read_text(), flags=re.S
        )
        if count != 1:
            sys.exit("the README has no place for the table")
        README.write_text(text)


main()
