"""The sample county must read like a county, not like filler."""

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from county.privacy import find_personal_data

FOLDER = Path(__file__).parent.parent / "sample_county"
SAME_EVERYWHERE = {  # facts that are the same wherever they stand: names, hours, phones, laws
    "organ", "handling_subject", "handling_department", "office_hours", "contact_phone", "supervision_phone", "law",
    "article", "rank", "handling_place", "channel", "subject", "genre", "mode", "validity", "handling_type", "keywords",
    "key", "kind", "to", "next", "item", "item_name", "id", "document_no", "published_on", "fate", "act", "outcome",
    "effective_on", "produced_on", "audience", "life_event", "format", "carrier", "submission_method", "storage_requirement",
}  # fmt: skip


def documents() -> dict[str, list[str]]:
    """File or row -> the texts a reader of it would read."""
    found = {}
    for file in sorted(FOLDER.glob("*/*.md")):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        found[file.name] = [*texts(yaml.safe_load(front)), body]
    for row in (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        found[json.loads(row)["id"]] = list(texts(json.loads(row)))
    return found


def texts(value: Any):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in SAME_EVERYWHERE:
                yield from texts(item)


def sentences(text: str):
    for part in re.split(r"[。！？；\n]", text):
        sentence = re.sub(r"[\s#*|>\-—:]+", "", part)
        if len(sentence) > 8:
            yield sentence


DOCUMENTS = documents()


def test_no_sentence_stands_in_two_documents():
    places = defaultdict(set)
    for name, parts in DOCUMENTS.items():
        for part in parts:
            for sentence in sentences(part):
                places[sentence].add(name)

    assert {sentence: names for sentence, names in places.items() if len(names) > 1} == {}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_has_substance_and_nobodys_data(name):
    text = "\n".join(DOCUMENTS[name])

    assert len(text) >= (40 if name.startswith("qy-") else 300)
    assert find_personal_data(text) == []


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def test_the_county_is_as_large_as_it_should_be():
    organs = rows("organs.jsonl")
    guides = [
        yaml.safe_load(file.read_text("utf-8").split("---\n", 2)[1]) for file in FOLDER.glob("services/*.md")
    ]
    roles = {role for officer in rows("officers.jsonl") for role in officer["roles"]}

    assert sum(organ["kind"] == "township" for organ in organs) == 12
    assert sum(organ["kind"] in ("government", "department", "institution") for organ in organs) >= 40
    assert len(list(FOLDER.glob("disclosures/*.md"))) >= 60
    assert len(guides) >= 25
    assert len({guide["item_category"] for guide in guides}) >= 6
    assert roles == {"editor", "reviewer", "publisher", "clerk", "supervisor", "administrator"}
    assert {row["date"][:4] for row in rows("calendar.jsonl")} == {"2025", "2026"}
