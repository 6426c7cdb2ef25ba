"""What the public reads: the columns, the pages of documents and items, and that every link leads somewhere."""

import gzip
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from jinja2 import DictLoader, Environment

from content import operations
from content.models import Validity
from database import db
from publisher.page import file_of
from publisher.site import CompiledBefore


class Reader(HTMLParser):
    """An independent look at a page: its links, ids, meta tags, headings and words."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.tags: dict[str, str] = {}
        self.seen: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.seen.append(tag)
        self.links += [value for key in ("href", "src", "action") if (value := found.get(key))]
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "meta" and found.get("name"):
            self.tags[found["name"] or ""] = found.get("content") or ""
        assert "style" not in found
        assert not any(key.startswith("on") for key in found)

    def handle_data(self, data):
        self.words += data


@pytest.fixture(scope="module")
def built() -> list[Path]:
    """The tree that the tests of this module read; the first of them builds it."""
    return []


@pytest.fixture
def tree(built: list[Path], request, tmp_path_factory) -> Path:
    if not built:
        request.getfixturevalue("county")
        copy = tmp_path_factory.mktemp("built") / "tree"
        assert request.getfixturevalue("build")(out=copy).blocked == ()
        built.append(copy)
    return built[0]


@pytest.fixture
def read(tree: Path) -> Callable[[str], str]:
    """The text of a page of the tree, by its address."""
    return lambda url: (tree / file_of(url)).read_text(encoding="utf-8")


def pages(tree: Path) -> dict[str, Reader]:
    found = {}
    for file in tree.rglob("*.html"):
        url = "/" + file.relative_to(tree).as_posix().removesuffix("index.html")
        found[url] = Reader(file.read_text(encoding="utf-8"))
    return found


def test_every_link_of_every_page_resolves(tree):
    """standards §1.2: broken links are counted. Negative control tried: a misspelt address in a template fails here."""
    dead = []
    for url, page in pages(tree).items():
        for link in page.links:
            parts = urlsplit(urljoin(url, link))
            if parts.netloc or parts.scheme == "tel" or parts.path.startswith("/svc/"):
                continue
            place = unquote(parts.path).lstrip("/")
            file = tree / (place + "index.html" if place.endswith("/") or not place else place)
            anchored = not parts.fragment or parts.fragment in Reader(file.read_text(encoding="utf-8")).ids
            if not file.is_file() or not anchored:
                dead.append((url, link))
    assert dead == []


def test_every_page_is_reached_from_the_home_page_except_lists_without_entries(tree):
    found = pages(tree)
    reached, ahead = set(), ["/"]
    while ahead:
        url = ahead.pop()
        if url in found and url not in reached:
            reached.add(url)
            ahead += [urlsplit(urljoin(url, link)).path for link in found[url].links]
    left = {url for url in found.keys() - reached if found[url].tags.get("robots") != "noindex"}
    assert left == set()


def test_pages_run_one_small_script_and_load_nothing_from_elsewhere(tree):
    """Under 4 KB, deferred: everything works without it."""
    [script] = tree.glob("assets/site.*.js")
    assert script.stat().st_size < 4 * 1024
    tag = f'<script src="/assets/{script.name}" defer blocking="render"></script>'
    for url, page in pages(tree).items():
        assert not {"style", "iframe"} & set(page.seen)
        text = (tree / file_of(url)).read_text(encoding="utf-8")
        assert re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", text).count("<script") == 1
        assert tag in text
        assert len(page.ids) == len(set(page.ids))
        assert page.seen.count("h1") == 1


def test_every_page_has_the_tags_and_the_foot_of_a_government_site(tree):
    """standards §1.1 and §1.2: three tags on every page, seven on lists, ten on details; seven foot items."""
    three = {"SiteName", "SiteDomain", "SiteIDCode"}
    seven = three | {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
    found = pages(tree)
    for page in found.values():
        assert three <= page.tags.keys()
        assert page.tags["SiteIDCode"] == "9901230001"
        for label in (
            "主办单位",
            "联系方式",
            "网站标识码",
            "ICP备案号",
            "公安机关备案",
            "党政机关",
            "我为政府网站找错",
        ):
            assert label in page.words
    assert seven <= found["/xxgk/c/ghjh/"].tags.keys()
    assert seven <= found["/zwfw/k/xk/"].tags.keys()
    detail = found["/xxgk/1/"].tags
    assert seven | {"ArticleTitle", "PubDate", "ContentSource"} <= detail.keys()
    assert (detail["ArticleTitle"], detail["PubDate"]) == ("青崖县城区供水管网改造公告", "2026-11-20")
    assert all(detail[name] for name in seven)


def test_the_home_page_leads_to_columns_applications_and_search(tree):
    """A-01, A-28, A-29, A-31, B-01, D-01."""
    page = pages(tree)["/"]

    assert {"/xxgk/", "/xxgk/ml/", "/zwfw/", "/hudong/", "/zwfw/online/", "/svc/search"} <= set(page.links)
    assert "/zwfw/all/" in pages(tree)["/zwfw/"].links
    assert "政务服务专栏" in page.words
    assert "网上申报入口" in page.words


def test_the_column_is_titled_with_the_name_of_the_region(read):
    """D-02, D-11: region name + 政务服务专栏 on top, and a search over the column."""
    page = read("/zwfw/")

    assert "<h1>青崖县政务服务专栏</h1>" in page
    assert 'name="kind" value="service"' in page


def test_items_are_found_by_category_organ_audience_and_life_event(read):
    """D-03a, D-03b, D-03c, D-04b, D-04c."""
    page = Reader(read("/zwfw/"))
    assert {"/zwfw/k/xk/", "/zwfw/k/cf/", "/zwfw/o/1/", "/zwfw/a/qy/"} <= set(page.links)
    [event] = [link for link in page.links if link.startswith("/zwfw/e/")]

    for url in ("/zwfw/k/xk/", "/zwfw/o/1/", "/zwfw/a/qy/", event):
        listed = read(url)
        for part in ("99012300SC-XK-0001", "食品生产许可", "行政审批科", 'href="/zwfw/48/"'):
            assert part in listed


def test_an_item_has_its_five_sub_columns_and_eleven_fields(read):
    """D-05, D-06, C-04, C-16, F-09."""
    page = read("/zwfw/48/")

    for name in ("办事指南", "网上咨询", "表格下载", "网上申请", "结果反馈"):
        assert f">{name}</a></li>" in page
        assert f">{name}</h2>" in page
    for label in (
        "事项编码", "事项名称", "办理部门", "行使依据", "受理条件", "收费依据和标准", "法定期限", "承诺期限",
        "办理地点", "联系电话", "监督电话",
    ):  # fmt: skip
        assert f"<dt>{label}</dt>" in page
    for value in (
        "20个工作日", "10个工作日", "县政务服务中心二楼3号窗口", "0990-4620001", "0990-4620002", "不收费",
        "国家对食品生产经营实行许可制度。", "现场核查", "食品生产许可申请书", "许可证有效期几年？", "审批岗", "周末能办理吗？",
    ):  # fmt: skip
        assert value in page
    assert 'href="/svc/apply/99012300SC-XK-0001"' in page


def test_a_penalty_shows_its_discretion_benchmark_and_no_application_entry(read):
    """A-34, A-35. Negative control tried: may_be_applied_for answering yes fails here."""
    page = read("/zwfw/49/")

    assert "裁量范围" in page
    assert "没收违法所得" in page
    assert "五万元以上十万元以下" in page
    assert "/svc/apply/" not in page
    assert "/svc/apply/" not in read("/zwfw/k/cf/")
    assert "对未经许可生产食品的处罚" not in read("/zwfw/online/")


def test_a_disclosure_shows_its_metadata_and_where_to_complain(read):
    """A-02, A-03, A-04, A-05, A-12, A-18."""
    page = read("/xxgk/1/")

    for label in (
        "索引号",
        "发布机构",
        "生成日期",
        "发布日期",
        "主题分类",
        "有效性",
        "公开方式",
    ):
        assert f"<dt>{label}</dt>" in page
    for value in (
        "2026-11-20",
        "青崖县市场监督管理局",
        "主动公开",
        "有效",
        "0990-4620011",
        "11990123010523650X/202611-00001",
    ):
        assert value in page


def test_townships_publish_in_the_same_columns(read):
    """A-37."""
    assert "城关镇惠农补贴发放公示" in read("/xxgk/o/2/")
    assert 'href="/xxgk/o/2/"' in read("/xxgk/")


def test_lists_are_paged_and_hold_every_document_once(tree):
    """D-04a."""
    found = pages(tree)

    parts = [url for url in found if url.startswith("/xxgk/c/ghjh/")]
    listed = [
        link
        for url in parts
        for link in found[url].links
        if link.startswith("/xxgk/") and link[6:-1].isdigit()
    ]
    assert sorted(parts) == ["/xxgk/c/ghjh/", "/xxgk/c/ghjh/1.html"]
    assert len(listed) == len(set(listed)) == 45
    assert "第0号工作动态" in found["/xxgk/c/ghjh/"].words


def test_a_statutory_channel_without_entries_says_so(read):
    assert "本栏目暂无信息" in read("/xxgk/c/zfcg/")


def test_the_catalogue_lists_index_number_name_summary_and_day(read):
    """条例 art. 12; A-32."""
    page = read("/xxgk/ml/")

    for part in ("索引号", "名称与内容概述", "生成日期", "11990123010523650X/202611-00001"):
        assert part in page or part in read("/xxgk/ml/1.html")


def test_a_question_leads_to_its_item(read):
    """A-31, D-08b."""
    page = read("/hudong/")

    assert "周六上午可以办理。" in page
    assert 'href="/zwfw/48/"' in page


def test_repealed_documents_are_marked(county, build, live):
    from_old = county.disclosure("旧办法", validity=Validity.REPEALED)

    build()

    assert "本文件已废止" in live(f"/xxgk/{from_old.document_id}/")


def test_the_feed_is_well_formed_and_absolute(tree):
    feed = ET.fromstring((tree / "feed.xml").read_text(encoding="utf-8"))  # noqa: S314

    atom = "{http://www.w3.org/2005/Atom}"
    assert len(feed.findall(f"{atom}entry")) == 30
    assert all((link.get("href") or "").startswith("http://localhost/") for link in feed.iter(f"{atom}link"))


def locations(tree: Path, url: str) -> list[str]:
    """The addresses that a site map or its index names."""
    file = ET.fromstring((tree / url.lstrip("/")).read_text(encoding="utf-8"))  # noqa: S314
    return [place.text or "" for place in file.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


def test_the_site_map_is_an_index_whose_shards_name_every_page_that_may_be_indexed_once(tree):
    """Each shard holds the documents of so many places, so that one that changes touches one shard."""
    shards = locations(tree, "/sitemap.xml")
    assert shards == [
        f"http://localhost/sitemap-{name}.xml" for name in ("lists", "xxgk-1", "zwfw-1", "hudong-1")
    ]
    places = [place for shard in shards for place in locations(tree, shard.removeprefix("http://localhost"))]
    assert all(place.startswith("http://localhost/") for place in places)
    assert len(places) == len(set(places))

    open_to_engines = {url for url, page in pages(tree).items() if page.tags.get("robots") != "noindex"}
    numbered = {url for url in open_to_engines if url.rpartition("/")[2].removesuffix(".html").isdigit()}
    assert {place.removeprefix("http://localhost") for place in places} == open_to_engines - numbered
    assert len(numbered) > 3  # further pages of lists are found from their first


def test_the_chrome_file_names_assets_that_exist(tree):
    chrome = json.loads((tree / "assets/chrome.json").read_text(encoding="utf-8"))

    assert chrome["site_name"] == "青崖县人民政府"
    assert chrome["is_sample"] is True
    assert {"site.css", "mark.svg"} <= chrome["assets"].keys()
    for url in chrome["assets"].values():
        assert (tree / url.lstrip("/")).is_file()


def test_pages_and_the_style_sheet_are_small(tree):
    """The sheet at most 6 KB compressed; no page of the small county over 30 KB."""
    [sheet] = tree.glob("assets/site.*.css")

    assert len(gzip.compress(sheet.read_bytes())) <= 6 * 1024
    assert max(file.stat().st_size for file in tree.rglob("*.html")) <= 30 * 1024


def test_an_address_stays_when_title_channel_and_organ_change(county, build, settings, live):
    edition = county.disclosure("原标题")
    url = f"/xxgk/{edition.document_id}/"
    build()
    revised = operations.revise(edition.document, by=None, at=county.now)
    operations.save_draft(revised, {"title": "新标题"}, by=None, at=county.now)
    operations.take_over(revised, source="旧站", by=None, at=county.now)
    operations.file_document(edition.document, organ=county.township, channel=None, by=None, at=county.now)
    db.session.commit()

    build()

    assert "<h1>新标题</h1>" in live(url)


def test_a_template_that_cannot_be_kept_compiled_is_compiled_again(tmp_path):
    """A full disk, as far as a process of root can be made to meet one."""
    folder = tmp_path / "compiled"
    folder.mkdir()
    templates = Environment(
        loader=DictLoader({"a": "{{ 1 + 1 }}"}), autoescape=True, bytecode_cache=CompiledBefore(str(folder))
    )
    folder.rmdir()

    assert templates.get_template("a").render() == "2"
