"""The real files (ZHUANLAN_REAL_DATA): every row goes in or is refused with a reason, and a second time changes nothing."""

import os
from collections import Counter
from pathlib import Path

import pytest

from content.models import DisclosureEdition, DocumentKind, FieldMapping
from content.queries import document_by_foreign_id, live_edition
from content.rules import plain_text
from database import db
from exchange import ImportOptions, import_path
from exchange.mapping import check, columns_of
from exchange.sources import read_rows
from tests.exchange.conftest import counts
from tests.people import NOON

pytestmark = pytest.mark.realdata
LAWS = {
    "laws_falv": 134,
    "laws_xingzhengfagui": 277,
    "laws_bumenguizhang": 13,
    "laws_difangxingfagui_henan": 151,
}


def real(name: str) -> Path:
    folder = os.environ.get("ZHUANLAN_REAL_DATA")
    assert folder, "set ZHUANLAN_REAL_DATA to the folder of real input"
    return Path(folder) / f"{name}.jsonl"


def gaps(report):
    return Counter(gap["field"] for gap in report.gaps)


def test_the_laws_are_taken_over_as_they_are(take, people):
    for name, rows in LAWS.items():
        report = take("disclosures", real(name), organ=people.organ, create_missing=True, state="published")
        assert (counts(report), report.counts["published"], report.gaps) == ((rows, 0, 0, 0), rows, [])
    for name, rows in LAWS.items():
        report = take("disclosures", real(name), organ=people.organ, create_missing=True, state="published")
        assert counts(report) == (0, 0, rows, 0)

    quoted = document_by_foreign_id(DocumentKind.DISCLOSURE, "df-42aca931")
    assert quoted is not None
    edition = live_edition(quoted.id)
    assert edition is not None
    assert "&lt;郑州市城市供水管理条例&gt;" in edition.body_html


def test_no_word_of_a_law_is_lost(take, people):
    take("disclosures", real("laws_difangxingfagui_henan"), organ=people.organ, create_missing=True)

    for edition in db.session.scalars(db.select(DisclosureEdition)):
        assert squeezed(plain_text(edition.body_html)) == squeezed(edition.body.replace("#", ""))


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_directory_of_services_waits_with_its_gaps(take):
    """B-14, B-27, B-29: no row of the directory names a basis, a subject or a telephone; none is invented."""
    options = {"create_missing": True, "state": "published"}
    report = take("services", real("service_directory_guangan"), **options)

    assert (counts(report), report.counts["draft"]) == ((651, 0, 0, 0), 651)
    assert gaps(report)["legal_basis"] == gaps(report)["handling_subject"] == 651
    assert "item_category" not in gaps(report)
    assert counts(take("services", real("service_directory_guangan"), **options)) == (0, 0, 651, 0)


def test_the_guides_keep_what_was_published(take, people):
    options = {"create_missing": True, "state": "published"}
    report = take("services", real("service_items"), **options)

    assert counts(report) == (37, 0, 0, 3)
    assert {refused["field"] for refused in report.refused} == {"organ"}
    assert "promised_limit" in gaps(report)
    assert counts(take("services", real("service_items"), **options)) == (0, 0, 37, 3)
    assert counts(take("services", real("service_items"), organ=people.organ, **options)) == (3, 0, 37, 0)


def test_power_items_questions_and_records_come_in(take, people):
    for kind, name, expected in (
        ("services", "power_items_liaoning", (18, 0, 0, 0)),
        ("questions", "faq", (10, 0, 0, 1)),
        ("disclosures", "disclosure_records", (23, 0, 0, 0)),
    ):
        options = {"organ": people.organ, "create_missing": True, "state": "published"}
        report = take(kind, real(name), **options)
        assert counts(report) == expected
        assert counts(take(kind, real(name), **options)) == (0, 0, expected[0], expected[3])
        if name == "disclosure_records":
            assert gaps(report) == {"channel": 23, "body": 23, "number": 8}


def test_foreign_lists_come_in_whole_by_mappings_alone(take, people):
    """Nothing of these files is known to the code: columns, values and constants are data."""
    folder = real("nl_upl").parent
    for name, kind, said, rows, nameless in (
        ("nl_upl.csv", "services", {"uri": "id", "uniforme_productnaam": "item_name", "grondslag_label": "legal_basis"}, 684, 0),
        ("uk_local_authorities.csv", "organs", {"gss": "code", "name": "name"}, 382, 0),
        ("uk_lgsl_services.csv", "services", {"lgsl": "id", "description": "item_name"}, 73, 3),
    ):  # fmt: skip
        mapping = mapping_of(folder / name, kind, said)
        runs = [
            import_path(kind, folder / name, options(people), after_batch=db.session.commit, mapping=mapping)
            for _ in range(2)
        ]
        first, second = (counts(report) for report in runs)
        assert (first[0] + first[1] + first[3], first[3]) == (rows, nameless), name
        assert second[2:] == (rows - nameless, nameless), name


def mapping_of(path, kind, said):
    columns = columns_of(list(read_rows(path)), kind)
    for column in columns:
        column["field"] = said.get(column["source"], "")
        column["prefix"] = (
            f"{path.stem}:" if next(iter(said)) == column["source"] and column["field"] == "id" else ""
        )
    constants = {"item_category": "公共服务"} if kind == "services" else {}
    mapping = FieldMapping(
        name=path.stem, kind=kind, columns=columns, constants=constants, dates="", keeps_others=True
    )
    check(mapping)
    return mapping


def options(people):
    return ImportOptions(at=NOON, organ_id=people.organ.id)


def test_the_catalogue_rows_come_in_as_duties(take, people):
    report = take("duties", real("disclosure_catalogue"), organ=people.organ, create_missing=True)

    assert counts(report) == (41, 0, 0, 0)
    assert counts(take("duties", real("disclosure_catalogue"), organ=people.organ, create_missing=True)) == (
        0,
        0,
        41,
        0,
    )


def test_every_published_coding_rule_comes_in(take, people):
    path = real("nl_upl").parent / "coding_rules.json"

    report = take("coding-rules", path)

    assert (counts(report), {gap["field"] for gap in report.gaps}) == ((7, 0, 0, 0), {"pattern"})
    assert counts(take("coding-rules", path)) == (0, 0, 7, 0)
