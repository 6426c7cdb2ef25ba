"""Plausible official prose from one stream of chance: sentences, lists, tables, whole bodies in Markdown."""

import random
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from bench import words
from bench.structure import ORGANS, Row

FIELD = re.compile(r"\{(\w+)\}")
MOST_SECTIONS = 99
FIRST_DAY, DAYS = date(2016, 1, 1), 3652


def day_of(number: int, seed: int = 1) -> date:
    """The day of item `number`, spread over ten years."""
    return FIRST_DAY + timedelta(days=int(DAYS * random.Random(f"day {seed} {number}").random()))


class Speech:
    """Fills templates from one stream of chance; topic, organ and year hold through a document."""

    def __init__(self, key: str, day: date, organ: Row):
        self.chance = random.Random(key)
        self.day, self.organ = day, organ
        self.topic = self.chance.choice(words.TOPICS)

    def say(self, template: str) -> str:
        """A template with every field filled."""
        return FIELD.sub(lambda field: self._fill(field[1]), template)

    def _fill(self, name: str) -> str:
        return FILLERS[name](self)

    def some_organ(self) -> str:
        return (self.organ if self.chance.random() < 0.4 else self.chance.choice(ORGANS))["name"]

    def some_topic(self) -> str:
        return self.topic if self.chance.random() < 0.6 else self.chance.choice(words.TOPICS)

    def number(self, low: int, high: int) -> str:
        return str(self.chance.randint(low, high))

    def one_of(self, choices: Iterable[str]) -> str:
        return self.chance.choice(list(choices))


FILLERS: dict[str, Callable[[Speech], str]] = {
    "organ": Speech.some_organ,
    "topic": Speech.some_topic,
    "county": lambda speech: words.COUNTY,
    "town": lambda speech: speech.one_of(words.TOWNSHIPS),
    "village": lambda speech: speech.one_of(words.VILLAGES),
    "place": lambda speech: speech.one_of(words.PLACES),
    "project": lambda speech: speech.one_of(words.PROJECTS),
    "law": lambda speech: speech.one_of(words.LAWS),
    "people": lambda speech: speech.one_of(words.PEOPLE),
    "act": lambda speech: speech.one_of(words.ACTS),
    "material": lambda speech: speech.one_of(words.MATERIALS),
    "year": lambda speech: str(speech.day.year),
    "month": lambda speech: speech.number(1, 12),
    "day": lambda speech: speech.number(1, 28),
    "few": lambda speech: speech.number(2, 9),
    "some": lambda speech: speech.number(5, 60),
    "many": lambda speech: speech.number(200, 4000),
    "money": lambda speech: f"{speech.number(20, 9000)}.{speech.number(0, 9)}",
    "percent": lambda speech: f"{speech.number(60, 99)}.{speech.number(0, 9)}",
    "area": lambda speech: f"{speech.number(0, 19)}.{speech.number(1000, 9999)}",
}


def body(speech: Speech, shortest: int, longest: int) -> str:
    """Markdown of a length between the two, in sections; most bodies are short, as they are in life."""
    wanted = speech.chance.triangular(shortest, longest, shortest + (longest - shortest) // 4)
    blocks = [speech.say(speech.one_of(words.OPENINGS))]
    for section in range(MOST_SECTIONS):
        more = _section(speech, section)
        if sum(map(len, blocks)) >= wanted or len("\n\n".join([*blocks, *more])) >= longest:
            break
        blocks += more
    return "\n\n".join(blocks) + "\n"


def _section(speech: Speech, number: int) -> list[str]:
    blocks = [f"## {words.LEVELS[number % 10]}、{speech.one_of(words.SECTIONS)}"]
    blocks += [_paragraph(speech) for _ in range(speech.chance.randint(1, 2))]
    shape = speech.chance.random()
    if shape < 0.3:
        blocks.append(_list(speech))
    elif shape < 0.4:
        blocks.append(_table(speech))
    return blocks


def _paragraph(speech: Speech) -> str:
    sentences = [speech.say(speech.one_of(words.SENTENCES)) for _ in range(speech.chance.randint(1, 3))]
    if speech.chance.random() < 0.15:
        sentences[0] = f"**{speech.some_topic()}**：{sentences[0]}"
    return "".join(sentences)


def _list(speech: Speech) -> str:
    mark = speech.one_of(("- ", "1. "))
    return "\n".join(
        mark + speech.say(speech.one_of(words.ENTRIES)) for _ in range(speech.chance.randint(3, 6))
    )


def _table(speech: Speech) -> str:
    head = speech.chance.choice(words.TABLES)
    rows = [
        ("{town}", "{project}", "{money}万元", "{percent}%"),
        ("{village}村", "{topic}", "{money}万元", "{many}户"),
        ("第{few}项", "{act}", "{organ}", "{month}月底前"),
    ][words.TABLES.index(head)]
    lines = [head, ("---",) * len(head)]
    lines += [tuple(map(speech.say, rows)) for _ in range(speech.chance.randint(3, 8))]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
