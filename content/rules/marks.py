"""Whether a text's marks can be laid out in reasonable time; the parser reads on from each mark that is not closed."""

import re
from collections import Counter

LONGEST_READING = 2_000_000  # characters read ahead for brackets, in all; no honest text seen needs 20,000
LONGEST_TAG_READING = 5_000_000  # characters read ahead for tags that are never closed
MOST_BLOCK_WORK = 50_000_000  # lines that begin a block of their own, times the characters around them
MOST_LINES = 50_000
MOST_MARK_WORK = 2_000_000_000  # marks within a block times its characters: it is copied once for each mark
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
BRACKET = re.compile(r"\]\(|[\[\])]")
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
CLOSE_THEMSELVES = {"br", "hr", "img", "col", "input", "wbr", "p", "li", "dt", "dd", "tr", "td", "th"}
MOST_OPEN_TAGS = 200
MARK = re.compile(r"[*_`\\\[]|  \n")
MARK_OF_HTML = re.compile(r"[<&]")  # pasted tables are full of them, and mostly set aside at once
TAG_START = re.compile(r"<(!--|!|\?|/?[A-Za-z])")
TAG_END = {"!--": "-->", "!": "]]>", "?": "?>"}
STRUCTURE = re.compile(r"(?m)^ {0,3}(?:#|(?:[-=*_] *)+$)")
DEEP_LINE = re.compile(
    r"(?m)^(?![ \t]*([-*])(?:[ \t]*\1)*[ \t]*$)"
    r"(?:[ \t]{0,99}(?:(?:[-+*:]|\d{1,9}\.)[ \t]{1,99}|>)){21}"
)


def is_too_deep(body: str) -> bool:
    """Whether lists and quotations on one line, or tags, stand one within the other without reasonable end.

    Source: A-09; ASVS 1.5.2 (input that exhausts the parser). A line that is only a rule is none.
    """
    return DEEP_LINE.search(body) is not None or _tags_open_at_once(body) > MOST_OPEN_TAGS


def _tags_open_at_once(body: str) -> int:
    opened: Counter[str] = Counter()
    now = most = 0
    for closing, name in TAG.findall(body):
        tag = name.lower()
        if tag in CLOSE_THEMSELVES or (closing and not opened[tag]):
            continue
        step = -1 if closing else 1
        opened[tag] += step
        now += step
        most = max(most, now)
    return most


def costs_too_much(body: str) -> bool:
    """Whether unclosed brackets, tags or lines without blank ones between make the parser read on and on.

    Source: A-09; ASVS 1.5.2. Counts the characters it would read, which grow with the square of hostile text.
    """
    blocks = BLANK_LINES.split(body)
    return (
        body.count("\n") > MOST_LINES
        or _tag_reading(body) > LONGEST_TAG_READING
        or sum(len(STRUCTURE.findall(block)) * len(block) for block in blocks) > MOST_BLOCK_WORK
        or sum(map(_mark_work, blocks)) > MOST_MARK_WORK
        or sum(map(_bracket_reading, blocks)) > LONGEST_READING
    )


def _mark_work(block: str) -> int:
    return (len(MARK.findall(block)) + len(MARK_OF_HTML.findall(block)) // 5) * len(block)


def _bracket_reading(block: str) -> int:
    opened: dict[str, list[int]] = {"[": [], "(": []}
    read = 0
    for found in BRACKET.finditer(block):
        mark = found[0]
        if mark == "[":
            opened["["].append(found.start())
            continue
        begun = opened["(" if mark == ")" else "["]
        if begun:
            read += found.start() - begun.pop()
        if mark == "](":
            opened["("].append(found.end())
    return read + sum(len(block) - start for starts in opened.values() for start in starts)


def _tag_reading(body: str) -> int:
    """From each start of a tag to its end; ends are looked for once for all starts before them."""
    read, ends = 0, dict.fromkeys((*TAG_END.values(), ">"), -1)
    for found in TAG_START.finditer(body):
        close = TAG_END.get(found[1], ">")
        if ends[close] < found.start():
            end = body.find(close, found.end())
            ends[close] = len(body) if end < 0 else end
        read += ends[close] - found.start()
    return read
