"""政务服务专栏 of the sample county as a visitor walks through it: one test a row of the founding documents."""

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from commands.sample import FOLDER, load_sample_county
from content.models import EditionState, ItemCategory, LawRank, ServiceEdition, SubjectNature
from county.privacy import find_personal_data
from county.regions import the_site
from database import db
from publisher.page import file_of
from tests.publisher.html_tree import Element, page_tree

COLUMNS = ("办事指南", "网上咨询", "表格下载", "网上申请", "结果反馈")
FIELDS = ("事项编码", "事项名称", "办理部门", "行使依据", "受理条件", "收费依据和标准", "法定期限", "承诺期限", "办理地点", "联系电话", "监督电话")  # fmt: skip


class Column:
    """The built tree of the sample county, and what its database says of the items."""

    def __init__(self, tree: Path):
        self.tree = tree
        self._pages: dict[str, Element] = {}
        live = db.session.scalars(
            db.select(ServiceEdition).where(ServiceEdition.state == EditionState.PUBLISHED).order_by(ServiceEdition.id)
        )  # fmt: skip
        self.items = {
            f"/zwfw/{edition.document_id}/": {
                "title": edition.title,
                "code": edition.document.number,
                "organ": edition.handling_department or edition.document.organ.name,
                "category": edition.item_category,
                "forms": [(form.form_no, form.form_name, form.brief_note) for form in edition.service_forms],
                "materials": [
                    (part.name, part.format, part.carrier, part.submission_method, part.storage_requirement)
                    for part in edition.materials
                ],
                "flow": edition.flow,
                "excluded": edition.excluded_steps,
                "discretion": edition.discretion,
                "online": edition.online_handling_url,
                "content": edition.item_content,
                "bases": [
                    (basis.citation, basis.law.rank if basis.law else None) for basis in edition.legal_basis
                ],
                "faq": [(each.question, each.answer) for each in edition.faq],
            }
            for edition in live
        }
        site = the_site()
        assert site is not None
        self.region = site.region.name

    def page(self, url: str) -> Element:
        if url not in self._pages:
            self._pages[url] = page_tree((self.tree / file_of(url)).read_text(encoding="utf-8"))
        return self._pages[url]

    def main(self, url: str) -> Element:
        return self.page(url).one("main")

    def exists(self, url: str) -> bool:
        return (self.tree / file_of(url)).is_file()

    def of(self, *categories: ItemCategory) -> list[str]:
        return [url for url, item in self.items.items() if item["category"] in categories]


@pytest.fixture(scope="module")
def built() -> list[Column]:
    """What the tests of this module read; the first of them builds it."""
    return []


@pytest.fixture
def column(
    built: list[Column], request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Column:
    if not built:
        request.getfixturevalue("app")
        load_sample_county()
        folder = tmp_path_factory.mktemp("column") / "tree"
        request.getfixturevalue("build")(out=folder)
        built.append(Column(folder))
    return built[0]


def linked(element: Element) -> list[str]:
    return [link["href"] for link in element.every("a")]


def walked(column: Column, first: str) -> list[Element]:
    """Every page of a list, by its own links to the next one."""
    pages, url = [], first
    while url:
        pages.append(column.page(url))
        following = [link["href"] for link in pages[-1].every("a", rel="next")]
        url = following[0] if following else ""
    return pages


def entries(pages: list[Element]) -> dict[str, list[str]]:
    """Items listed, by their address: the cells of their row."""
    found = {}
    for page in pages:
        for row in page.one("main").every("tr")[1:]:
            link = row.one("th").every("a")
            if link:
                found[link[0]["href"]] = [cell.text for cell in row.inside if isinstance(cell, Element)]
    return found


def facts(element: Element) -> dict[str, str]:
    return {
        pair.one("dt").text: pair.one("dd").text
        for pair in element.every("div")
        if any(isinstance(part, Element) and part.tag == "dt" for part in pair.inside)
    }


@pytest.mark.row("D-00")
def test_one_column_carries_every_service_and_every_list_of_it_is_reached_from_its_home(column: Column):
    home = column.main("/zwfw/")
    reached = set(entries(walked(column, "/zwfw/all/")))

    assert "/zwfw/all/" in linked(home)
    assert reached == set(column.items)
    others = [
        link
        for link in linked(home)
        if link.startswith("/") and not link.startswith(("/zwfw/", "/svc/", "/hudong/"))
    ]
    assert others == []


@pytest.mark.row("D-01")
def test_the_home_page_of_the_site_has_a_column_of_exactly_that_name(column: Column):
    links = [link for link in column.page("/").every("a") if link["href"] == "/zwfw/"]
    headings = [heading.text for heading in column.main("/").every("h2")]

    assert links
    assert "政务服务专栏" in [*(link.text for link in links), *headings]


@pytest.mark.row("D-02")
def test_the_column_is_headed_by_the_region_and_its_name(column: Column):
    area = column.main("/zwfw/").one("div", of="title-area")

    assert area.one("h1").text == f"{column.region}政务服务专栏"


@pytest.mark.row("D-03a", "D-03b", "D-03c")
def test_categories_stand_in_two_levels_and_each_opens_the_list_of_its_items(column: Column):
    section = column.main("/zwfw/").one("section", **{"aria-labelledby": "kinds"})
    groups = [heading.text for heading in section.every("h3")]
    nodes = {link["href"]: link for link in section.every("a")}

    assert [group.partition("（")[0].strip() for group in groups] == ["行政职权", "便民服务与公共服务"]
    listed: dict[str, str] = {}
    for url, link in nodes.items():
        found = entries(walked(column, url))
        assert re.search(rf"\b{len(found)}项", link.text)
        listed |= dict.fromkeys(found, column.main(url).one("h1").text)
    assert listed == {url: item["category"].value for url, item in column.items.items()}


def test_townships_lead_on_to_the_windows_of_their_villages(column: Column):
    towns = column.main("/zwfw/").one("section", **{"aria-labelledby": "townships"})
    villages = [link for part in towns.every("ul", of="villages") for link in part.every("a")]

    assert villages
    for village in villages:
        assert entries(walked(column, village["href"]))
    town = column.main(next(link["href"] for link in towns.every("a")))
    assert "便民服务窗口" in town.one("section", **{"aria-labelledby": "windows"}).text


@pytest.mark.parametrize("heading", ["audience", "events", "departments"])
def test_every_other_way_in_leads_to_a_list_that_is_not_empty(column: Column, heading: str):
    section = column.main("/zwfw/").one("section", **{"aria-labelledby": heading})

    assert linked(section)
    for url in linked(section):
        assert entries(walked(column, url))


@pytest.mark.row("D-04a")
def test_lists_are_paged(column: Column):
    pages = walked(column, "/zwfw/all/")

    assert len(pages) == -(-len(column.items) // 20) > 1
    assert all(len(entries([page])) <= 20 for page in pages)
    assert all(page.every("nav", **{"aria-label": "分页"}) for page in pages)


@pytest.mark.row("D-04b", "D-04c")
def test_an_entry_shows_code_name_and_department_and_opens_the_item(column: Column):
    for url, cells in entries(walked(column, "/zwfw/all/")).items():
        item = column.items[url]
        assert cells[:3] == [item["code"], item["title"], item["organ"]]
        assert column.main(url).one("h1").text == item["title"]


@pytest.mark.row("D-05")
def test_every_item_has_the_five_columns_and_its_own_index_leads_to_each(column: Column):
    for url in column.items:
        main = column.main(url)
        index = main.one("nav", of="index")
        assert [link.text for link in index.every("a")][:5] == list(COLUMNS)
        for link, name in zip(index.every("a"), COLUMNS, strict=False):
            section = main.one("section", id=link["href"].removeprefix("#"))
            assert section.one("h2").text == name
            assert len(section.text) > len(name) + 5


@pytest.mark.row("D-06", "A-15", "A-43", "C-01", "C-05", "C-06", "C-07", "C-11", "C-12", "C-13", "C-17")
def test_the_guide_says_its_eleven_fields_of_every_item(column: Column):
    for url, item in column.items.items():
        said = facts(column.main(url).one("section", id="guide"))
        assert set(FIELDS) <= set(said), url
        if item["category"] is not ItemCategory.PENALTY:
            empty = [name for name in FIELDS if said[name] in ("", "—")]
            assert set(empty) <= {"法定期限", "承诺期限"}, url
            assert len(empty) < 2, url
        assert "办理主体" in said


@pytest.mark.row("A-42", "C-14", "C-27")
def test_every_item_with_a_flow_shows_its_chart_and_the_same_as_a_list(column: Column):
    for url, item in column.items.items():
        guide = column.main(url).one("section", id="guide")
        if not item["flow"]:
            assert not guide.every("svg")
            continue
        chart = guide.one("svg", of="chart")
        drawn = "".join(part for step in chart.every("tspan") for part in step.text.split())
        names = [
            step.one("b").text for step in guide.one("ol", of="steps").inside if isinstance(step, Element)
        ]
        assert names == [step["name"] for step in item["flow"]]
        for step in item["flow"]:
            for said in (step["name"], step.get("post", ""), step.get("duty", "")):
                assert "".join(said.split()) in drawn, (url, said)
        assert chart["role"] == "img"


@pytest.mark.row("C-19", "C-20", "C-21", "C-22", "C-23")
def test_charts_use_the_four_signs_and_nothing_else(column: Column):
    signs = {"start": "ellipse", "end": "ellipse", "step": "rect", "condition": "path"}
    for url, item in column.items.items():
        for chart in column.main(url).every("svg", of="chart"):
            kinds = [step["kind"] for step in item["flow"]]
            for kind, sign in signs.items():
                shapes = chart.every("g", **{"class": kind})
                assert len(shapes) == kinds.count(kind)
                assert all(shape.every(sign) for shape in shapes)
            ways = chart.one("g", of="ways").every("path")
            assert len(ways) == sum(len(step.get("next", ())) for step in item["flow"])


@pytest.mark.row("C-24", "C-25", "A-42")
def test_the_list_of_steps_says_post_duty_limit_and_where_a_condition_leads(column: Column):
    for url, item in column.items.items():
        if not item["flow"]:
            continue
        listed = [part for part in column.main(url).one("ol", of="steps").inside if isinstance(part, Element)]
        for step, entry in zip(item["flow"], listed, strict=True):
            for name, label in (("post", "岗位："), ("duty", "职责："), ("authority", "权限：")):
                if step.get(name):
                    assert f"{label}{step[name]}" in entry.text
            if step.get("limit_days"):
                assert f"时限：{step['limit_days']:g}个工作日" in entry.text
            if step["kind"] == "condition":
                assert all(arrow["label"] in entry.text for arrow in step["next"])


@pytest.mark.row("D-07a", "D-07b", "D-07c", "C-15")
def test_every_form_is_listed_with_number_name_and_note_and_can_be_downloaded_blank_and_filled(
    column: Column,
):
    with_samples = downloads = 0
    for url, item in column.items.items():
        section = column.main(url).one("section", id="forms")
        rows = section.every("tr")[1:]
        assert len(rows) == len(item["forms"])
        for row, (number, name, note) in zip(rows, item["forms"], strict=True):
            cells = [cell for cell in row.inside if isinstance(cell, Element)]
            assert cells[0].text == number
            assert cells[1].text.startswith(name)
            assert cells[2].text.startswith(note)
            for cell in cells[3:5]:
                for link in cell.every("a"):
                    assert (column.tree / link["href"].lstrip("/")).stat().st_size > 1000
                    assert link["download"].endswith(Path(urlsplit(link["href"]).path).suffix)
            assert cells[3].every("a") or cells[3].text == "到窗口领取"
            downloads += bool(cells[3].every("a"))
            with_samples += bool(cells[4].every("a"))
    assert downloads > 50
    assert with_samples > 50


@pytest.mark.row("F-10", "F-11")
def test_materials_state_format_carrier_way_and_storage(column: Column):
    for url, item in column.items.items():
        guide = column.main(url).one("section", id="guide")
        tables = [table for table in guide.every("table") if "申请材料" in table.one("caption").text]
        rows = tables[0].every("tr")[1:] if tables else []
        assert len(rows) == len(item["materials"])
        for row, (name, *given) in zip(rows, item["materials"], strict=True):
            assert row.one("th").text.startswith(name)
            for said in given:
                assert said in row.text


@pytest.mark.row("F-09")
def test_steps_that_do_not_count_in_the_limit_are_explained(column: Column):
    explained = 0
    for url, item in column.items.items():
        for step in item["excluded"]:
            guide = column.main(url).one("section", id="guide")
            assert step["explanation"] in facts(guide)[step["name"]]
            assert "不计入办理期限" in guide.text
            explained += 1
    assert explained > 5


@pytest.mark.row("C-16")
def test_frequent_questions_stand_with_their_answers_on_the_item(column: Column):
    for url, item in column.items.items():
        asked = {
            each.one("summary").text: each.text
            for each in column.main(url).one("section", id="ask").every("details")
        }
        for question, answer in item["faq"]:
            assert " ".join(answer.split()) in asked[" ".join(question.split())].replace("  ", " ")


@pytest.mark.row("C-18")
def test_the_online_link_opens_the_item_s_own_page_of_another_platform(column: Column):
    for url, item in column.items.items():
        section = column.main(url).one("section", id="apply")
        others = [link["href"] for link in section.every("a") if link["href"].startswith("http")]
        assert others == ([item["online"]] if item["online"] else [])


@pytest.mark.row("A-29", "D-09a")
def test_an_item_one_may_apply_for_has_its_entry_and_stands_in_the_list_of_those(column: Column):
    listed = set(entries(walked(column, "/zwfw/online/")))
    for url, item in column.items.items():
        entry = [link for link in linked(column.main(url)) if link.startswith("/svc/apply/")]
        assert set(entry) <= {f"/svc/apply/{item['code']}"}
        assert (url in listed) is bool(entry)
    assert listed


@pytest.mark.row("A-34")
def test_penalties_show_scope_kinds_and_degrees(column: Column):
    penalties = column.of(ItemCategory.PENALTY)
    assert penalties
    for url in penalties:
        guide, stored = column.main(url).one("section", id="guide"), column.items[url]["discretion"]
        assert stored["scope"] in guide.text
        for kind in stored["kinds"]:
            assert kind in facts(guide)["处罚种类"]
        table = next(table for table in guide.every("table") if table.one("caption").text == "裁量幅度")
        rows = [
            [cell.text for cell in row.every() if cell.tag in ("th", "td")] for row in table.every("tr")[1:]
        ]
        assert rows == [[each["circumstance"], each["standard"]] for each in stored["degrees"]]
    assert set(entries(walked(column, "/zwfw/k/cf/"))) == set(penalties)


@pytest.mark.row("A-35")
def test_a_penalty_has_no_entry_to_apply_by(column: Column):
    for url in column.of(ItemCategory.PENALTY):
        assert not [link for link in linked(column.main(url)) if "apply" in link and not link.startswith("#")]
        assert "不接受申请" in column.main(url).one("section", id="apply").text


@pytest.mark.row("M-05")
def test_every_item_says_whether_it_runs_on_trial_or_formally(column: Column):
    for url in column.items:
        assert facts(column.main(url).one("section", id="guide"))["运行阶段"] in ("试运行", "正式运行")


@pytest.mark.row("D-10c", "D-10d")
def test_results_that_law_makes_public_are_listed_with_their_four_fields(column: Column):
    lists = [url for url in column.items if column.exists(f"{url}results/")]
    assert lists
    for url in lists:
        assert column.items[url]["category"] in (ItemCategory.LICENCE, ItemCategory.APPROVAL)
        table = column.main(f"{url}results/").one("table")
        assert [head.text for head in table.one("thead").every("th")] == [
            "办件编号",
            "办件名称",
            "办理结果",
            "办结时间",
        ]
        for row in table.one("tbody").every("tr"):
            cells = [cell.text for cell in row.every() if cell.tag in ("th", "td")]
            assert len(cells) == 4
            assert all(cells)
            assert cells[2] in ("准予", "不予", "办结")
            assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", cells[3])
        assert f"{url}results/" in linked(column.main(url).one("section", id="result"))


@pytest.mark.row("D-11")
def test_the_column_has_a_search_box_for_what_it_holds(column: Column):
    form = column.main("/zwfw/").one("search").one("form")

    assert form["action"] == "/svc/search"
    assert form.one("input", name="q")["type"] == "search"
    assert form.one("input", name="kind")["value"] == "service"


def test_each_page_of_the_column_says_where_it_is(column: Column):
    for url in [*column.items, "/zwfw/all/", "/zwfw/k/xk/"]:
        crumbs = column.page(url).one("nav", of="crumbs")
        assert linked(crumbs)[:2] == ["/", "/zwfw/"]
        assert crumbs.every("li")[-1]["aria-current"] == "page"


def test_no_byte_of_the_tree_names_an_applicant(column: Column):
    """What applicants and clerks wrote stays in the database; negative control tried: the result's text in the list."""
    rows = [json.loads(line) for line in (FOLDER / "applications.jsonl").read_text("utf-8").splitlines()]
    persons = {row[name] for row in rows for name in ("applicant_name", "agent_name") if row.get(name)}
    written = {row["statement"] for row in rows} | {step["text"] for row in rows for step in row["fate"]}
    assert persons
    for file in (column.tree / "zwfw").rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not [name for name in persons | written if name in text], file
        contacts = {link["href"].removeprefix("tel:") for link in page_tree(text).every("a")}
        assert find_personal_data(page_tree(text).text, contacts) == [], file


@pytest.mark.row("A-16", "B-31")
def test_every_item_says_what_it_is_and_what_it_asks_for(column: Column):
    for url, item in column.items.items():
        guide = column.main(url)
        assert "".join(item["content"].split()) in "".join(guide.text.split()), url
        if item["category"] is ItemCategory.LICENCE:
            assert facts(guide.one("section", id="guide"))["受理条件"] not in ("", "—"), url
            assert item["materials"], url


@pytest.mark.row("B-02", "B-03")
def test_powers_and_convenience_services_are_items_alike(column: Column):
    convenience = {ItemCategory.CONVENIENCE, ItemCategory.PUBLIC_SERVICE}
    listed = set(entries(walked(column, "/zwfw/all/")))
    for kinds in (convenience, set(ItemCategory) - convenience):
        urls = set(column.of(*kinds))
        assert urls
        assert urls <= listed


@pytest.mark.row("B-26")
def test_the_subject_of_an_item_is_of_one_of_three_natures(column: Column):
    natures = [nature.value for nature in SubjectNature]
    for url in column.items:
        subject = facts(column.main(url).one("section", id="guide"))["办理主体"]
        assert sum(f"（{nature}" in subject for nature in natures) == 1, url


@pytest.mark.row("B-28")
def test_the_bases_of_an_item_stand_from_high_rank_to_low(column: Column):
    order = [None, *LawRank]
    seen = 0
    for url, item in column.items.items():
        shown = column.main(url).one("div", id="bases").text
        places = [shown.find(citation) for citation, _ in item["bases"]]
        ranks = [order.index(rank) for _, rank in item["bases"] if rank]
        assert -1 not in places, url
        assert places == sorted(places), url
        assert ranks == sorted(ranks), url
        seen += len(set(ranks)) > 1
    assert seen > 10


@pytest.mark.row("A-30")
def test_from_the_entry_on_the_home_page_one_reaches_filing_consultation_and_feedback(column: Column):
    assert "/zwfw/online/" in linked(column.main("/"))
    for url in entries(walked(column, "/zwfw/online/")):
        item = column.main(url)
        assert all(item.one("section", id=part) for part in ("ask", "apply", "result")), url
