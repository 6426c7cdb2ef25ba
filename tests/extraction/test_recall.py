"""How much of what must not go public is found, in every kind of file, and how seldom an honest document is stopped."""

import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from bench.corpus import items
from content.inspection.search import search
from content.rules import plain_text, render_markdown
from county.privacy import find_personal_data
from publisher.checks import personal_data_on
from tests.county.numbers import id_number, with_luhn
from tests.papers import W, docx, exif, jpeg, paragraph, pdf, row, table, xlsx

COUNT = 150  # numbers of each kind in each kind of file
LEAST = {"identity": 0.99, "mobile": 0.97, "card": 0.97}
KEY = "5" * 64
WRITTEN: tuple[Callable[[str], str], ...] = (
    str,
    str,
    lambda number: grouped(number),
    lambda number: "".join(chr(ord(sign) + 0xFEE0) for sign in number),
    lambda number: f"（{number}）",
    lambda number: f"号码:{number};",
)
LATIN = (str, str, lambda number: f"No. {number}.", lambda number: f"[{number}]")


def grouped(number: str) -> str:
    """As people write it: 3-4-4 a mobile number, 6-8-4 an identity number, fours a card."""
    if len(number) == 11:
        cuts = [0, 3, 7, 11]
    else:
        cuts = (
            [0, 6, 14, 18]
            if number[0] != "6" and len(number) == 18
            else [*range(0, len(number), 4), len(number)]
        )
    return " ".join(number[start:end] for start, end in pairwise(cuts))


def number_of(kind: str, chance: random.Random) -> str:
    if kind == "identity":
        born = date(1940, 1, 1) + timedelta(days=chance.randrange(25_000))
        return id_number(chance.choice((110105, 530181, 440305, 350104)), born, chance.randrange(1000))
    if kind == "mobile":
        return f"1{chance.choice('3456789')}{chance.randrange(10**9):09}"
    return with_luhn(chance.choice(("621700", "622848", "623052")) + f"{chance.randrange(10**12):012}")


def html(text: str) -> int:
    return len(personal_data_on(f"<main><h1>名单</h1><p>{text}</p></main>", ()))


def within(make: Callable[[str], bytes], suffix: str) -> Callable[[str], int]:
    return lambda text: len(search(io.BytesIO(make(text)), suffix, KEY).findings)


PLACES: dict[str, tuple[Callable[[str], int], bool]] = {
    "page": (html, False),
    "word": (within(lambda text: docx(paragraph("名单") + table(("姓名", "号码"), ("张某", text))), ".docx"), False),
    "word_comment": (within(lambda text: docx(parts={"word/comments.xml": f"<w:comments {W}>{paragraph(text)}</w:comments>"}), ".docx"), False),
    "excel_hidden_sheet": (
        within(lambda text: xlsx({"表": "<sheetData/>", "底": f"<sheetData>{row(1, '张某', text)}</sheetData>"}, states={"底": "veryHidden"}), ".xlsx"),
        False,
    ),
    "pdf_page": (within(lambda text: pdf(f"Name {text}"), ".pdf"), True),
    "pdf_title": (within(lambda text: pdf("One page", title=text), ".pdf"), True),
    "photograph": (within(lambda text: jpeg((0xE1, exif(text))), ".jpg"), False),
}  # fmt: skip


@pytest.mark.row("A-09")
@pytest.mark.parametrize("kind", LEAST)
@pytest.mark.parametrize("place", PLACES)
def test_nearly_every_number_is_found_wherever_it_stands_and_however_it_is_written(place, kind):
    chance = random.Random(f"{place} {kind}")
    found, is_latin = PLACES[place]

    hits = sum(
        found(chance.choice(LATIN if is_latin else WRITTEN)(number_of(kind, chance))) > 0
        for _ in range(COUNT)
    )

    assert hits / COUNT >= LEAST[kind]


def test_of_a_thousand_honest_documents_at_most_ten_are_stopped():
    stopped = 0
    for item in items(1_000):
        text = f"{item['title']}\n{plain_text(render_markdown(str(item['body'])))}"
        stopped += bool(find_personal_data(text))

    assert stopped <= 10
