"""What a program weighs and how deep its calls go, read from the linked program itself with LLVM's tools.

`python3 elf.py PROGRAM` prints which functions call one that panics.
"""

import re
import subprocess
import sys
from bisect import bisect_right
from collections import deque
from functools import cache

# Every firmware has these anyway: the compiler calls them for each large move.
COMMON = re.compile(r"^(mem(cpy|set)|__aeabi_mem(cpy|set|clr)[48]?|.*compiler_builtins3mem6mem(cpy|set).*)$")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def sections(elf):
    """Bytes that the program takes in flash and in RAM."""
    size = dict.fromkeys([".text", ".rodata", ".data", ".bss"], 0)
    for line in run("llvm-size", "-A", elf).splitlines():
        fields = line.split()
        if fields and fields[0] in size:
            size[fields[0]] = int(fields[1])
    return size


def symbols(elf):
    """(size, name) of everything with a size, the largest first."""
    rows = (line.split() for line in run("llvm-nm", "--print-size", "--size-sort", "--reverse-sort", elf).splitlines())
    return [(int(row[1], 16), row[3]) for row in rows if len(row) == 4]


def flash(elf):
    """Bytes in flash, without what every firmware has."""
    size = sections(elf)
    common = sum(size for size, name in symbols(elf) if COMMON.match(name))
    return size[".text"] + size[".rodata"] + size[".data"] - common


# Instructions that take stack: thumb pushes registers or subtracts, RISC-V adds what is negative.
PUSH = re.compile(r"(v?push)(?:\.w)? \{(.*)\}")
TAKES = re.compile(r"sub(?:\.w|w)? sp(?:, sp)?, #(\d+)|strd?(?:\.w)? .*\[sp, #-(\d+)\]!|addi sp, sp, -(\d+)")
GIVES = re.compile(r"v?pop|ldrd?(\.w)? .*\[sp\], #|add(\.w|w)? sp(, sp)?, #|addi sp, sp, \d")
# Any other that writes to the stack pointer is not understood.
WRITES = re.compile(r".*sp\]?!|(?!st|cmp|cmn|tst|ldm|s[bhw] |b)\S+ sp\b")

# Branches and calls to a fixed place, the two halves of a far one on RISC-V, and jumps to where a register says.
DIRECT = re.compile(r"(?:bl?|b[a-z]{2}|cbn?z|j|jal|b[a-z]{2,3}z?)(?:\.[wn])? (?:.*, )?0x([0-9a-f]+) <")
FAR_PAGE = re.compile(r"auipc (\w+), (\d+)")
FAR = re.compile(r"j(?:al)?r (?:ra, )?(?:(-?\d+)\((\w+)\)|(\w+))")
RETURNS = re.compile(r"(bx lr|ret|jr ra)$")
# Calls of what is in a register. Jumps to places in the same function look different, but on RISC-V, where only what comes
# before them tells: such a place is loaded from a table at four times a number.
REGISTER = re.compile(r"blx r|bx |ldr(\.w)? pc")


class Function:
    """What a function takes of the stack, which functions it calls, and which of its instructions leave that open."""

    def __init__(self, name, start):
        self.name, self.start = name, start
        self.frame, self.targets, self.open, self.before = 0, set(), [], deque(maxlen=16)

    def read(self, address, code, page):
        """Reads one instruction. `page` remembers the first halves of far jumps."""
        if match := PUSH.match(code):
            self.frame += registers(match[2]) * (8 if match[1] == "vpush" else 4)
        elif match := TAKES.match(code):
            self.frame += int(next(filter(None, match.groups())))
        elif WRITES.match(code) and not GIVES.match(code):
            self.open.append(code)
        if match := DIRECT.match(code):
            self.targets.add(int(match[1], 16))
            if int(match[1], 16) == self.start and code.startswith(("bl ", "jal ")):
                self.open.append(code)
        elif match := FAR_PAGE.match(code):
            page[match[1]] = address + (int(match[2]) << 12)
        elif RETURNS.match(code):
            pass
        elif (match := FAR.match(code)) and (match[2] or match[3]) in page:
            self.targets.add((page[match[2] or match[3]] + int(match[1] or 0)) & 0xFFFF_FFFF)
        elif match and re.search(rf"slli \w+, \w+, 2;(.*;)?lw {match[3]}, 0\(", ";".join(self.before)):
            pass
        elif match or REGISTER.match(code):
            self.open.append(code)
        self.before.append(code)


def registers(text):
    """How many there are in `r4, r5, lr`."""
    assert "-" not in text, text
    return text.count(",") + 1


@cache
def addresses(elf):
    """Where each name is, and where it ends. Equal functions can be at one address under several names."""
    rows = (line.split() for line in run("llvm-nm", "--print-size", elf).splitlines())
    return {row[3]: (int(row[0], 16), int(row[0], 16) + int(row[1], 16)) for row in rows if len(row) == 4}


@cache
def functions(elf):
    """All functions of a program, by their addresses."""
    found, current, end, page = {}, None, 0, {}
    ends = dict(addresses(elf).values())
    for line in run("llvm-objdump", "-d", "--no-show-raw-insn", elf).splitlines():
        if (head := re.match(r"([0-9a-f]+) <(.+)>:$", line)) and int(head[1], 16) in ends:
            start = int(head[1], 16)
            end, current, page = ends[start], found.setdefault(start, Function(head[2], start)), {}
        elif code := re.match(r"\s*([0-9a-f]+):\s+(.*?)\s*(?:@.*)?$", line):
            # Between functions lies filling, which looks like jumps.
            if int(code[1], 16) < end:
                current.read(int(code[1], 16), re.sub(r"\s+", " ", code[2]), page)
    return found


def depth(elf, root):
    """The deepest stack of a function by name: bytes, the chain of calls to there, and what leaves that open."""
    found = functions(elf)
    starts = sorted(found)
    open_ends = set()

    @cache
    def below(start):
        function = found[start]
        open_ends.update(f"{code} in {function.name}" for code in function.open)
        callees = {starts[bisect_right(starts, target) - 1] for target in function.targets} - {start}
        if start in path:
            open_ends.add(f"{function.name} calls itself")
            return 0, ()
        path.append(start)
        deepest = max((below(callee) for callee in callees), default=(0, ()))
        path.pop()
        return function.frame + deepest[0], ((function.name, function.frame), *deepest[1])

    path = []
    size, chain = below(addresses(elf)[root][0])
    return size, chain, sorted(open_ends)


def panics(elf):
    """Which functions call one that panics."""
    found = functions(elf)
    starts = sorted(found)
    is_panic = re.compile(r"panicking|_fail|_failed").search
    for function in found.values():
        callees = {found[starts[bisect_right(starts, target) - 1]].name for target in function.targets}
        if not is_panic(function.name):
            yield from (f"{function.name} calls {callee}" for callee in sorted(callees) if is_panic(callee))


if __name__ == "__main__":
    print(*panics(sys.argv[1]), sep="\n")
