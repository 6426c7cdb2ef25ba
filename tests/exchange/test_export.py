"""What is exported imports again without a change, as JSON lines and as CSV."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import exchange
from content import operations
from content.models import DisclosureEdition, Document, DocumentKind, EditionState
from content.operations import save_question
from database import db
from exchange.run import ImportOptions
from tests.exchange.conftest import counts, write_lines
from tests.exchange.test_county_rows import QUESTION
from tests.exchange.test_disclosures import NOTICE
from tests.exchange.test_relations import DUTY
from tests.exchange.test_service_items import GUIDE
from tests.people import NOON, make_edition, make_service


@contextmanager
def undone():
    """An example leaves nothing to the next."""
    try:
        yield
    finally:
        db.session.rollback()


words = st.text(
    st.one_of(st.sampled_from("=+-@'\t\r\n,;；\"[]{}<>《》第条一、 　#*_`\\"), st.characters(codec="utf-8")),
    max_size=30,
)
names = words.filter(lambda text: any(letter.isalnum() for letter in text)).map(lambda text: f"名{text}")
days = st.dates(min_value=date(1950, 1, 1)).map(str).filter(lambda day: day < "2026-11-20")
extras = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | words, lambda inner: st.lists(inner, max_size=2)
)
moments = st.sampled_from(["2027-01-01 08:00", "2027-06-30T18:30:15+08:00", "2027-03-01T00:00:00.5Z"])
old_addresses = st.lists(
    st.sampled_from(["/旧/一.html", "/b.jsp?c=1,2;3&d=4", "http://old.example/=1", "/d'e\"f"])
)
disclosure_rows = st.fixed_dictionaries(
    {"title": names},
    optional={
        "body": words,
        "summary": words,
        "published_on": days,
        "document_no": words,
        "genre": words,
        "keywords": st.lists(words, max_size=3),
        "validity": st.sampled_from(["有效", "失效", "废止"]),
        "channel": st.just("gfxwj"),
        "自有字段": extras,
        "另一个": st.dictionaries(words, extras, max_size=2),
        "expires_at": moments,
        "old_addresses": old_addresses,
    },
)
service_rows = st.fixed_dictionaries(
    {"item_name": names},
    optional={
        "item_category": st.sampled_from(["行政许可", "便民服务", "没有这一类"]),
        "legal_basis": st.lists(
            st.one_of(
                names,
                st.fixed_dictionaries(
                    {"law": names}, optional={"article": words, "wording": words, "rank": st.sampled_from(["法律", "部门规章"])}
                ),
            ),
            max_size=3,
        ),
        "materials": st.lists(
            st.one_of(names, st.fixed_dictionaries({"name": names}, optional={"copies": st.integers(0, 99), "note": words, "自有": words})),
            max_size=3,
        ),
        "acceptance_conditions": st.one_of(words, st.lists(words, max_size=3)),
        "faq": st.lists(st.fixed_dictionaries({"question": names}, optional={"answer": words}), max_size=2),
        "service_forms": st.lists(names, max_size=2),
        "flow": st.lists(st.fixed_dictionaries({"环节": names}, optional={"岗位": words, "时限": st.just("2个工作日")}), max_size=3),
        "legal_limit": st.sampled_from(["20个工作日", "无", "看情况"]),
        "promised_limit": st.sampled_from(["即办", "三日", "尽快"]),
        "is_charged": st.booleans(),
        "audience": st.lists(words, max_size=2),
        "discretion": st.dictionaries(st.sampled_from(["scope", "kinds", "degrees"]), st.lists(words, max_size=2)),
        "excluded_steps": st.lists(st.fixed_dictionaries({"name": names}, optional={"days": st.integers(1, 50)}), max_size=2),
        "contact_phone": words,
        "expires_at": moments,
        "old_addresses": old_addresses,
    },
)  # fmt: skip


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
@pytest.mark.parametrize(("kind", "rows"), [("disclosures", disclosure_rows), ("services", service_rows)])
def test_the_import_of_an_export_changes_nothing(people, tmp_path, kind, rows, suffix):
    options = ImportOptions(at=NOON, organ_id=people.organ.id, state="published", uploads=tmp_path)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(rows, min_size=1, max_size=3))
    def holds(given_rows):
        with undone():
            source = write_lines(
                tmp_path / "in.jsonl", [{"id": str(n), **row} for n, row in enumerate(given_rows)]
            )
            first = exchange.import_path(kind, source, options, after_batch=db.session.flush)
            exported = tmp_path / f"out{suffix}"
            assert exchange.export_file(kind, exported) == first.counts["added"]
            again = exchange.import_path(kind, exported, options, after_batch=db.session.flush)
            assert counts(again) == (0, 0, first.counts["added"], 0), again.refused

    holds()


own_service = st.fixed_dictionaries(
    {"title": names},
    optional={
        "body": words,
        "acceptance_conditions": words,
        "handling_place": words,
        "fee_basis_and_standard": st.one_of(st.just("不收费"), words),
        "contact_phone": words,
        "audience": st.lists(names, max_size=2),
        "flow": st.lists(st.fixed_dictionaries({"name": names, "limit": st.just("2个工作日")}), max_size=2),
        "extra": st.dictionaries(names, words, max_size=2),
        "legal_basis": st.lists(
            st.fixed_dictionaries(
                {"citation": st.just("《中华人民共和国水法》第七条：取水")}, optional={"wording": words}
            ),
            max_size=2,
        ),
        "faq": st.lists(st.fixed_dictionaries({"question": st.just("问：几天？答：七天")}), max_size=1),
    },
)
own_disclosure = st.fixed_dictionaries(
    {"title": names},
    optional=dict.fromkeys(("body", "summary", "keywords", "genre", "content_source"), words),
)


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_what_officers_wrote_comes_back_as_it_is_too(people, tmp_path, suffix):
    options = ImportOptions(at=NOON, state="published", uploads=tmp_path)

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(own_disclosure, own_service)
    def holds(disclosure, service):
        with undone():
            for kind, values in ((DocumentKind.DISCLOSURE, disclosure), (DocumentKind.SERVICE, service)):
                operations.create_document(
                    kind,
                    organ=people.organ,
                    channel=None,
                    site_id=people.site.id,
                    values=values,
                    by=people.ai.id,
                    at=NOON,
                )
            for kind in ("disclosures", "services"):
                exchange.export_file(kind, tmp_path / f"out{suffix}")
                again = exchange.import_path(
                    kind, tmp_path / f"out{suffix}", options, after_batch=db.session.flush
                )
                assert counts(again) == (0, 0, 1, 0), again.refused

    holds()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_every_kind_comes_back_as_it_went(take, people, tmp_path, suffix):
    take("disclosures", [NOTICE | {"阅读次数": [1, {"深": "=1"}]}], state="published")
    take("services", [GUIDE], state="published")
    take("questions", [QUESTION], state="published")
    take("duties", [{**DUTY, "公开主体": people.organ.code}])
    take(
        "calendar",
        [
            {"date": "2026-10-10", "is_working": True, "name": "国庆节", "source": "通知"},
            {"date": "2026-10-01", "is_working": False},
        ],
    )
    make_edition(people, EditionState.PUBLISHED)
    make_edition(people, EditionState.DRAFT)
    make_service(people, EditionState.PUBLISHED)
    own = {"site_id": people.site.id, "organ": people.organ, "question": "怎么办？"}
    save_question(None, own, publish=False, by=people.ai.id, at=NOON)
    db.session.commit()

    for kind in exchange.KINDS:
        path = tmp_path / f"{kind}{suffix}"
        rows = exchange.export_file(kind, path)
        assert rows
        assert counts(take(kind, path, state="published")) == (0, 0, rows, 0), kind


def test_a_document_of_our_own_is_known_by_its_home(people, take, tmp_path):
    edition = make_edition(people)
    db.session.commit()
    path = tmp_path / "a.jsonl"
    exchange.export_file("disclosures", path)

    [row] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    assert row["id"] == f"990123:{edition.document_id}"
    assert counts(take("disclosures", [row | {"id": "990999:1"}])) == (1, 0, 0, 0)


def test_an_export_shows_the_live_text_and_not_a_draft_beside_it(people, tmp_path):
    edition = make_edition(people, EditionState.PUBLISHED)
    draft = operations.revise(edition.document, by=people.ai.id, at=NOON)
    operations.save_draft(draft, {"title": "还没有审核"}, by=people.ai.id, at=NOON)

    exchange.export_file("disclosures", tmp_path / "a.jsonl")

    assert "还没有审核" not in (tmp_path / "a.jsonl").read_text("utf-8")


def test_no_cell_of_a_csv_is_a_formula(take, tmp_path):
    take("disclosures", [NOTICE | {"信息标题": "=HYPERLINK(1)", "内容概述": "-1+1", "正文": "@x"}])
    exchange.export_file("disclosures", tmp_path / "a.csv")

    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]

    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert counts(take("disclosures", tmp_path / "a.csv")) == (0, 0, 1, 0)
    assert db.session.scalars(db.select(DisclosureEdition)).one().title == "=HYPERLINK(1)"


def test_an_export_that_fails_leaves_the_earlier_file(take, tmp_path: Path, monkeypatch):
    take("disclosures", [NOTICE])
    path = tmp_path / "a.jsonl"
    path.write_text("earlier")

    def broken() -> Iterator[dict[str, object]]:
        yield {"title": object()}

    monkeypatch.setitem(exchange.exporting.EXPORTS, "disclosures", ({"title": ()}, broken))
    with pytest.raises(TypeError):
        exchange.export_file("disclosures", path)

    assert path.read_text() == "earlier"
    assert [file.name for file in tmp_path.glob("tmp*")] == []
    assert db.session.query(Document).count() == 1
