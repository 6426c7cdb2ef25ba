"""What a citizen finds."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from search import IndexDamagedError, WhooshIndex, analysis, find
from tests.search.conftest import KEY, NOTICE, RULES, make_entry, sample

BODIES = {"disclosure-1": NOTICE, "disclosure-2": RULES}


def ids(results):
    return [hit.id for hit in results.results]


def test_a_hit_carries_what_a_list_of_results_shows(index):
    (hit,) = find(index, "大坝检查").results

    assert (hit.id, hit.kind, hit.url, hit.organ) == ("disclosure-2", "disclosure", "/xxgk/2/", "县水利局")
    assert (hit.title, hit.published_on, hit.validity) == ("水库大坝安全管理办法", date(2023, 5, 1), "有效")
    assert hit.score > 0
    assert "<mark>大坝检查</mark>" in hit.snippet_html
    assert isinstance(hit.snippet_html, Markup)
    assert "<" not in hit.snippet


def test_json_is_as_promised(index):
    document = find(index, "大坝检查").as_json()

    assert document["total"] == 1
    assert document["took_ms"] >= 0
    assert document["results"][0].keys() >= {
        "id", "kind", "title", "url", "organ", "published_on", "snippet", "score",
    }  # fmt: skip
    assert document["results"][0]["published_on"] == "2023-05-01"


def test_the_exact_title_comes_first_then_short_titles_that_contain_the_query(index_of):
    body = "为了优化营商环境，制定本条例。优化营商环境条例适用于本行政区域。" * 5
    titles = [
        "河南省优化营商环境条例",
        "商丘市优化营商环境条例",
        "优化营商环境条例",
        "开封市优化营商环境若干条例",
    ]
    index = index_of(
        *(
            make_entry(number, title, body if number != 2 else "全国适用。")
            for number, title in enumerate(titles)
        ),
        make_entry(9, "关于学习优化营商环境条例的通知", body * 3),
    )

    assert ids(find(index, "优化营商环境条例"))[:4] == [
        "disclosure-2",
        "disclosure-0",
        "disclosure-1",
        "disclosure-9",
    ]
    assert ids(find(index, "《优化营商环境条例》"))[0] == "disclosure-2"


def test_the_name_of_the_country_may_be_left_out_of_a_law(index_of):
    index = index_of(
        make_entry(1, "云岭县土地管理法宣传"),
        make_entry(2, "中华人民共和国土地管理法", "土地的所有权和使用权。"),
    )

    assert ids(find(index, "土地管理法")) == ["disclosure-2", "disclosure-1"]


@pytest.mark.parametrize("typed", ["云政办发〔2024〕7号", "云政办发[2024] 7号", "云政办发（2024）第7号"])
def test_a_document_number_finds_its_document_first(index_of, typed):
    citing = make_entry(8, "关于贯彻的通知", "根据云政办发〔2024〕7号精神。云政办发〔2024〕7号要求如下。")
    index = index_of(citing, make_entry(9, "另一办法", document_no="云政办发〔2024〕17号"), *sample())
    found = find(index, typed)

    assert ids(found) == ["disclosure-1", "disclosure-8"]
    assert found.total == 2


@pytest.mark.parametrize(
    ("typed", "wanted"), [("11530-2024-00001", "disclosure-1"), ("53010000sl-xk-0003", "service-3")]
)
def test_an_index_number_or_item_code_finds_its_document(index, typed, wanted):
    assert ids(find(index, typed)) == [wanted]


def test_a_number_inside_a_sentence_still_finds_its_document_first(index):
    found = find(index, "请问云政办发〔2024〕7号文件在哪里看")

    assert found.total == 0
    assert found.partial
    assert ids(found)[0] == "disclosure-1"


def test_a_clause_from_the_middle_finds_its_document_first(index):
    """Issue 2: a search by one clause from the middle of a law finds it."""
    found = find(index, "由工作人员当场核对并出具受理单")

    assert found.total == 1
    assert ids(found)[0] == "disclosure-1"


def test_a_clause_with_other_punctuation_is_found_as_well(index):
    assert find(index, "对不能当场办结的事项,自受理之日起五个工作日内办结").total == 1


def test_all_terms_must_be_there_as_written(index_of):
    """The pairs 水库 and 库管 and 管理 are all in the second text, but 水库管理 is not."""
    index = index_of(make_entry(1, "甲", "水库管理单位"), make_entry(2, "乙", "水库，仓库管，加强管理"))
    found = find(index, "水库管理")

    assert found.total == 1
    assert ids(found) == ["disclosure-1"]


def test_a_sentence_that_nobody_wrote_is_answered_with_what_is_closest(index):
    found = find(index, "我家在河边想打一口井取水需要办什么许可")

    assert (found.total, found.partial) == (0, True)
    assert found.partial_total == len(found.results)
    assert all(hit.partial for hit in found.results)
    assert set(ids(found)[:2]) == {"service-3", "question-4"}


def test_hits_that_hold_all_terms_stand_before_those_that_hold_some(index):
    found = find(index, "取水许可 单位")

    assert (found.total, found.partial) == (1, False)
    assert [hit.partial for hit in found.results][:2] == [False, True]
    assert ids(found)[0] == "service-3"


def test_what_is_repealed_sinks_among_its_equals(index_of):
    texts = {"body": "烟花爆竹限时燃放。"}
    index = index_of(
        make_entry(1, "燃放管理办法", validity="废止", published_on=date(2025, 1, 1), **texts),
        make_entry(2, "燃放管理规定", validity="有效", published_on=date(2020, 1, 1), **texts),
    )

    assert ids(find(index, "烟花爆竹")) == ["disclosure-2", "disclosure-1"]


def test_filters_narrow_and_counts_say_what_is_there(index):
    found = find(index, "取水")

    assert found.facets["kind"] == [("question", 1), ("service", 1)]
    assert found.facets["organ"] == [("slj", 2)]
    assert found.facets["channel"] == [("zc", 2), ("zc-jd", 2)]
    assert found.facets["year"] == [("2025", 2)]
    assert ids(find(index, "取水", kind="service")) == ["service-3"]
    assert find(index, "管理", organ="slj").total == 1
    assert find(index, "办", channel="zc-gf").total == 1
    assert find(index, "办", channel="zc").total == 3
    assert find(index, "办法", year=2024).total == find(index, "办法", year="2024").total == 1
    assert find(index, "办法", kind="").total == 2


@pytest.mark.parametrize("value", ["*", "slj OR zwb", "\x00", "\ud800", "没有" * 5000])
def test_a_filter_is_a_plain_value(index, value):
    assert find(index, "取水", organ=value, kind=value, channel=value, year=value).total == 0


def test_sorting_by_date_puts_the_newest_first(index):
    assert ids(find(index, "办", sort="date"))[:3] == ["question-4", "disclosure-1", "disclosure-2"]


def test_pages_are_disjoint_and_cover_all(index_of):
    index = index_of(*(make_entry(number, f"通知第{number}期", "防汛值班安排") for number in range(25)))
    pages = [find(index, "防汛值班", page=page) for page in (1, 2, 3)]

    assert [len(page.results) for page in pages] == [10, 10, 5]
    assert len({hit.id for page in pages for hit in page.results}) == 25
    assert {(page.total, page.pages) for page in pages} == {(25, 3)}


@pytest.mark.parametrize("page", [4, 10**20])
def test_a_page_beyond_the_last_is_empty_and_says_so(index, page):
    found = find(index, "办法", page=page)

    assert (found.results, found.total, found.notice) == ([], 2, "没有这一页，请返回前面的页。")


@pytest.mark.parametrize(("page", "per_page"), [(0, 0), (-(10**20), -1), (1, 10**20)])
def test_odd_page_numbers_are_brought_into_range(index, page, per_page):
    found = find(index, "办法", page=page, per_page=per_page)

    assert found.total == 2
    assert len(found.results) in (1, 2)


@pytest.mark.parametrize(
    "text", ["", "   ", "，。！？", "***", '""', "()", "\x00\x01", "\u200b", "😀", "\ud800"]
)
def test_nothing_to_look_for_is_answered_with_a_request(index, text):
    found = find(index, text)

    assert (found.results, found.total) == ([], 0)
    assert found.notice == "请输入要查找的文字或编号。"


@pytest.mark.parametrize(
    ("text", "total"), [("水", 3), ("2024", 1), ("七", 0), ("7", 2), ("3", 3), ("没有这回事", 0)]
)
def test_single_characters_and_numbers_are_looked_up_in_the_text(index, text, total):
    assert find(index, text).total == total


def test_ten_thousand_characters_are_cut_and_answered(index):
    found = find(index, "取水许可" * 2500)

    assert "前200个字" in found.notice
    assert found.took_ms < 2000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60), page=st.integers(), per_page=st.integers())
@example(text="title:取水* OR [a TO z]^9~2 (((", page=1, per_page=10)
@example(text="a" * 10_000, page=10**20, per_page=10)
@example(text="(" * 10_000, page=1, per_page=10)
@example(text="\ud800取水\x00许可\u202e", page=1, per_page=10)
@example(text="𠮷野家 ﷽ Ⅳ ㍿ ﾊﾞ e\u0301", page=1, per_page=10)
def test_any_text_is_answered(index, text, page, per_page):
    found = find(index, text, page=page, per_page=per_page)

    assert found.total >= 0
    assert found.results or found.notice


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_every_piece_of_a_text_finds_it(index, id_, data):
    """Recall is that of a substring search, for any piece with a letter or digit in it."""
    body = BODIES[id_]
    start = data.draw(st.integers(0, len(body) - 2))
    piece = body[start : data.draw(st.integers(start + 2, min(len(body), start + 60)))]
    if analysis.squeeze(analysis.fold(piece)):
        found = find(index, piece)

        assert id_ in ids(found)
        assert found.total >= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("取水许可证办法管理单位应当"), min_size=1, max_size=4))
def test_the_total_is_that_of_a_search_through_all_texts(index, text):
    held = [entry for entry in sample() if text in f"{entry.title}\n{entry.organ_name}\n{entry.body}"]

    assert find(index, text).total == len(held)


def test_without_an_index_there_is_a_clear_error(tmp_path):
    with pytest.raises(IndexDamagedError, match="flask search rebuild"):
        find(WhooshIndex(tmp_path / "nowhere", KEY), "取水")
