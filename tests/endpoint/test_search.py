"""The search page and its JSON: every answer is clear, also to nothing, to too much, and when there is no index."""

import re
from datetime import date

import pytest

from database import db
from search import Entry, WhooshIndex
from tests.endpoint.conftest import text_of


@pytest.fixture
def index(settings, keyring, people):
    index = WhooshIndex(settings.index_folder, keyring.derive("search index"))
    entries = [
        Entry(
            id=f"disclosure-{number}",
            kind="disclosure",
            title=f"关于加强河道管理的通知（第{number}号）",
            url=f"/xxgk/{number}/",
            body=f"第{number}次通知。沿河两岸不得倾倒垃圾 <script>alert(1)</script>。",
            organ_code=people.organ.code,
            organ_name=people.organ.name,
            channel_codes=("gfxwj",),
            year=2020 + number % 3,
            published_on=date(2020 + number % 3, 5, 1),
        )
        for number in range(1, 26)
    ]
    entries.append(
        Entry(
            id="service-99",
            kind="service",
            title="河道采砂许可",
            url="/zwfw/99/",
            body="申请河道采砂。",
            organ_code="SL",
        )
    )
    index.rebuild(entries)
    return index


def links(answer) -> list[str]:
    return re.findall(r'<h2><a href="([^"]+)"', answer.text)


def test_results_are_shown_with_the_words_marked(client, index):
    answer = client.get("/svc/search?q=倾倒垃圾")

    assert answer.status_code == 200
    assert "找到25条" in text_of(answer)
    assert len(links(answer)) == 10
    assert "<mark>倾倒垃圾</mark>" in answer.text
    assert "<script>" not in answer.text


def test_filters_narrow_the_results_and_keep_what_was_asked(client, index):
    answer = client.get("/svc/search?q=河道&kind=service")

    assert links(answer) == ["/zwfw/99/"]
    assert re.search(r'<option value="service" selected>办事指南（1）', answer.text)
    everything = client.get("/svc/search?q=河道")
    assert "青崖县民政局（25）" in everything.text
    assert len(links(client.get("/svc/search?q=河道&year=2021&organ=MZ&channel=gfxwj"))) == 9
    assert "没有找到" in client.get("/svc/search?q=河道&organ=nobody").text


def test_pages_are_linked_with_the_filters(client, index):
    first = client.get("/svc/search?q=倾倒垃圾&kind=disclosure")
    further = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert further
    second = client.get(further[1].replace("&amp;", "&"))

    assert len(links(second)) == 10
    assert not set(links(first)) & set(links(second))
    assert "kind=disclosure" in further[1]


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "99999999999999999999", "٣", "2.5"])
def test_a_page_number_that_is_none_is_answered(client, index, page):
    assert client.get(f"/svc/search?q=河道&page={page}").status_code == 200


def test_nothing_asked_nothing_found_and_too_much_asked_are_said(client, index):
    assert "请输入要查找的文字" in text_of(client.get("/svc/search"))
    assert "请输入要查找的文字" in text_of(client.get("/svc/search?q=%20%20"))
    assert "请输入" in text_of(client.get("/svc/search?q=***"))
    assert "没有找到" in text_of(client.get("/svc/search?q=量子计算"))
    assert "输入较长" in text_of(client.get("/svc/search?q=" + "河道管理" * 100))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "*" * 900, "\x00", "' OR 1=1", "{{7*7}}", "title:河道 OR *"]
)
def test_what_was_asked_is_shown_as_text(client, index, text):
    answer = client.get("/svc/search", query_string={"q": text})

    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_without_an_index_the_page_says_so_and_leads_on(client, people, settings):
    missing = client.get("/svc/search?q=河道")
    settings.index_folder.mkdir(exist_ok=True)
    (settings.index_folder / "manifest").write_bytes(b"damaged")
    damaged = client.get("/svc/search?q=河道")

    for answer in (missing, damaged):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "检索暂时不能使用" in answer.text
        assert 'value="河道"' in answer.text
    assert client.get("/svc/search").status_code == 200
    assert client.get("/svc/api/v1/search?q=x").status_code == 503


def test_search_goes_on_while_the_database_is_away(client, index):
    db.session.execute(db.text("ALTER TABLE channel RENAME TO gone"))
    db.session.commit()
    answer = client.get("/svc/search?q=河道")

    assert answer.status_code == 200
    assert "MZ（25）" in answer.text


def test_programs_get_the_json_of_the_command_line(client, index):
    answer = client.get("/svc/api/v1/search?q=河道采砂&kind=service")
    document = answer.get_json()

    assert answer.content_type == "application/json"
    assert (document["total"], document["results"][0]["id"]) == (1, "service-99")
    assert set(document["results"][0]) >= {
        "id",
        "kind",
        "title",
        "url",
        "organ",
        "published_on",
        "snippet",
        "score",
    }
    assert client.get("/svc/api/v1/search").get_json()["total"] == 0
