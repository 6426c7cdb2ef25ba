"""The sample county must read like a county, not like filler."""

import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from content.models import ItemCategory
from county.officers import Role
from county.privacy import find_personal_data
from procedure.flow import read_flow

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


def guides() -> dict[str, dict[str, Any]]:
    """File -> the front matter of the guide."""
    files = sorted(FOLDER.glob("services/*.md"))
    return {file.name: yaml.safe_load(file.read_text("utf-8").split("---\n", 2)[1]) for file in files}


DOCUMENTS = documents()
GUIDES = guides()
FORM_FILES = sorted(FOLDER.glob("services/forms/*.docx"))


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
    roles = {role for officer in rows("officers.jsonl") for role in officer["roles"]}

    assert sum(organ["kind"] == "township" for organ in organs) == 12
    assert sum(organ["kind"] in ("government", "department", "institution") for organ in organs) >= 40
    assert len(list(FOLDER.glob("disclosures/*.md"))) >= 60
    assert sum(region["level"] == "village" for region in rows("regions.jsonl")) >= 30
    assert len(GUIDES) >= 80
    assert {guide["item_category"] for guide in GUIDES.values()} == {one.value for one in ItemCategory}
    assert roles == {role.value for role in Role}
    assert {row["date"][:4] for row in rows("calendar.jsonl")} == {"2025", "2026"}


@pytest.mark.parametrize("name", GUIDES)
def test_every_step_of_a_guide_can_be_reached_and_fits_its_promise(name):
    guide = GUIDES[name]
    steps = {step.key: step for step in read_flow(guide["flow"])}
    reached: set[str] = set()

    def longest(key: str) -> float:
        """Working days from a step to the end; flows of the sample never go back."""
        reached.add(key)
        step = steps[key]
        return (step.limit_days or 0) + max((longest(arrow.to) for arrow in step.next), default=0)

    days = longest(guide["flow"][0]["key"])

    assert reached == set(steps)
    if promised := re.fullmatch(r"(\d+)(?:个工作日|日)", guide["promised_limit"]):
        assert days <= int(promised[1])


def test_the_files_of_forms_are_those_the_guides_name():
    forms = [form for guide in GUIDES.values() for form in guide["service_forms"]]
    named = [form[key] for form in forms for key in ("file", "sample") if key in form]

    assert len(named) == len(set(named)) >= 100
    assert {f"forms/{file.name}" for file in FORM_FILES} == set(named)


@pytest.mark.parametrize("file", FORM_FILES, ids=lambda file: file.stem)
def test_a_form_is_small_and_holds_nobodys_data(file):
    with zipfile.ZipFile(file) as packed:
        text = re.sub(r"<[^>]+>", " ", packed.read("word/document.xml").decode())

    assert file.stat().st_size < 20_000
    assert file.stem.split("-示范文本")[0].split("-", 3)[3] in text
    assert find_personal_data(text) == []
