"""A made-up county of any size, in the formats the import reads.

    python -m bench.corpus 1000 build/bench/corpus-1000 [--seed 1]

N disclosure items and N/10 service guides of 40 organs in 10 + 50 channels over ten years. Item i is the same for every
N, so that a large county is a small one with more in it. The file of items is ordered by day, as an archive is taken over.
"""

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from bench import words
from bench.guides import guide
from bench.speech import Speech, body, day_of
from bench.structure import LEAF_WEIGHTS, LEAVES, ORGAN_WEIGHTS, ORGANS, Row, channels

SHORTEST, LONGEST = 500, 3500  # characters of an item's body


def item(number: int, seed: int = 1) -> Row:
    """Disclosure item `number`."""
    day = day_of(number, seed)
    chance = random.Random(f"item {seed} {number}")
    organ = chance.choices(ORGANS, ORGAN_WEIGHTS)[0]
    speech = Speech(f"item speech {seed} {number}", day, organ)
    place = chance.randrange(len(words.TITLES))
    return {
        "id": f"bench-{number}",
        "title": speech.say(words.TITLES[place]),
        "organ": organ["code"],
        "channel": chance.choices(LEAVES, LEAF_WEIGHTS)[0],
        "published_on": day.isoformat(),
        "produced_on": (day - timedelta(days=chance.randint(0, 9))).isoformat(),
        "document_no": f"栖{chance.choice(words.LETTERS)}发〔{day.year}〕{chance.randint(1, 260)}号",
        "summary": speech.say("{topic}的有关安排，由{organ}负责解释。"),
        "genre": words.GENRES[place],
        "keywords": [speech.topic, speech.some_topic()],
        "validity": chance.choices(("有效", "失效", "废止"), (94, 4, 2))[0],
        "body": body(speech, SHORTEST, LONGEST),
    }


def items(count: int, seed: int = 1) -> Iterator[Row]:
    """Items 1 to `count`, oldest first."""
    for _, number in sorted((day_of(number, seed), number) for number in range(1, count + 1)):
        yield item(number, seed)


def write(count: int, folder: Path, seed: int = 1) -> None:
    """Write the four files of the import into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_rows(folder / "organs.jsonl", ORGANS)
    write_rows(folder / "channels.jsonl", channels())
    write_rows(folder / "disclosures.jsonl", items(count, seed))
    write_rows(folder / "services.jsonl", (guide(number, seed) for number in range(1, count // 10 + 1)))


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """JSON lines."""
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.corpus", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.count, given.folder, given.seed)


if __name__ == "__main__":
    main()
