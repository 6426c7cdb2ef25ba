"""What every page holds: the tags and the foot of a government site, links that lead somewhere, one heading, nothing from elsewhere."""

import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

from tests.columns.crawler import Kind, Page, targets
from tests.columns.rules import rule, without
from tests.publisher.conformance import Conformance

OF_SITES = ("SiteName", "SiteDomain", "SiteIDCode")
OF_COLUMNS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
OF_DETAILS = ("ArticleTitle", "PubDate", "ContentSource")
LISTS = (Kind.ITEMS, Kind.ENTRIES, Kind.CATALOGUE, Kind.ITEM_CATALOGUE, Kind.DUTIES)
DETAILS = (Kind.GUIDE, Kind.DISCLOSURE)
FOOT = ("主办单位", "联系方式", "网站标识码", "ICP备案号", "公安机关备案号", "网站类别")
PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
OWN_SCRIPT = re.compile(r"/assets/site\.[0-9a-f]{8}\.js")


def without_tags(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return without(*(f'<meta name="{name}"[^>]*>' for name in names))


def missing_tags(page: Page, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        if not page.tags.get(name):
            yield f"没有标签{name}"


@rule(Kind.PAGE, breaks=without_tags(OF_SITES))
def every_page_names_its_site(page: Page) -> Iterator[str]:
    """standards §1.1: three tags on every page."""
    yield from missing_tags(page, OF_SITES)


@rule(*LISTS, *DETAILS, breaks=without_tags(OF_COLUMNS))
def lists_and_details_name_their_column(page: Page) -> Iterator[str]:
    """standards §1.1: seven tags on lists."""
    yield from missing_tags(page, OF_COLUMNS)


@rule(*DETAILS, rows="A-04", breaks=[*without_tags(OF_DETAILS), ('(?<="PubDate" content=")2', "3")])
def details_say_title_day_and_source_to_machines_as_to_people(page: Page) -> Iterator[str]:
    """standards §1.1: ten tags on details."""
    yield from missing_tags(page, OF_DETAILS)
    title, moment = page.tags.get("ArticleTitle"), page.tags.get("PubDate", "")
    if title != page.main.one("h1").text:
        yield f"标签说标题是{title}"
    if not re.fullmatch(r"20\d\d-\d\d-\d\d(?: \d\d:\d\d)?|19\d\d-\d\d-\d\d", moment):
        yield f"标签说日期是{moment}"


@rule(Kind.PAGE, breaks=without(*(f"<div><dt>{name}</dt>.*?</div>" for name in FOOT), "我为政府网站找错"))
def every_page_has_the_seven_foot_items(page: Page) -> Iterator[str]:
    """standards §1.2."""
    foot = page.root.one("footer")
    said = {pair.one("dt").text: pair.one("dd").text for pair in foot.every("div") if pair.every("dt")}
    yield from (f"页脚没有{name}" for name in FOOT if not said.get(name))
    if not any("我为政府网站找错" in link.text and link["href"] for link in foot.every("a")):
        yield "页脚没有我为政府网站找错"


@rule(Kind.PAGE, breaks=[(r'href="/xxgk/"', 'href="/xxgl/"'), (r'href="#main"', 'href="#mian"')])
def every_link_leads_somewhere(page: Page) -> Iterator[str]:
    """standards §1.2: broken links are counted."""
    for target in set(targets(page)):
        url, fragment = urldefrag(target)
        if urlsplit(url).netloc != "localhost" or page.tree.is_dynamic(url):
            continue
        if not page.tree.has(url):
            yield f"死链{target}"
        elif fragment and fragment not in there(page, url).ids:
            yield f"没有位置{target}"


def there(page: Page, url: str) -> Page:
    """The page at an address; this page itself where that is its own."""
    path = urlsplit(url).path
    return page if path == page.url else page.tree.page(path)


@rule(Kind.PAGE, breaks=[('src="/assets', 'src="//cdn.example/assets'), ('action="/svc', 'action="https://a.example/svc'),
                         ('<link rel="stylesheet" href="', '<link rel="stylesheet" href="https://fonts.example/')])  # fmt: skip
def no_page_asks_another_host_for_anything(page: Page) -> Iterator[str]:
    for element in page.root.every():
        asked = [element[name] for name in ("src", "srcset", "action", "data", "poster") if element[name]]
        if element.tag == "link" and element["rel"] != "canonical":
            asked.append(element["href"])
        for url in asked:
            if urlsplit(urljoin("http://localhost/", url)).netloc != "localhost":
                yield f"<{element.tag}>从{url}取内容"


@rule(Kind.PAGE, breaks=[("<h1[^>]*>.*?</h1>", ""), ("<h1", "<h1>又一个</h1><h1"), (' lang="zh-CN"', ""), ("<title>.*?</title>", ""),
                         ('<a class="skip" href="#main">', "<a>"), ('<meta name="viewport"[^>]*>', "")])  # fmt: skip
def every_page_has_one_heading_and_says_what_it_is(page: Page) -> Iterator[str]:
    headings = page.root.every("h1")
    if len(headings) != 1 or not headings[0].text:
        yield f"{len(headings)}个一级标题"
    if page.root.one("html")["lang"] != "zh-CN" or not page.tags.get("viewport"):
        yield "没有语言或者视口"
    if not page.root.every("title") or not page.root.one("title").text:
        yield "没有题名"
    if "#main" not in page.links:
        yield "不能跳到正文"


@rule(Kind.PAGE, breaks=[("</main>", ""), ("<p", '<p id="main"'), ("<li>", "<div>"), ("<!doctype html>", "")])
def every_page_is_well_formed(page: Page) -> Iterator[str]:
    yield from Conformance(page.html).faults


@rule(Kind.PAGE, breaks=[("<h1", '<h1 style="color:red"'), ("<a ", '<a onclick="x()" '), ("</body>", "<script>x()</script></body>"),
                         ("</head>", "<style>p{}</style></head>")])  # fmt: skip
def no_page_holds_script_or_style_of_its_own(page: Page) -> Iterator[str]:
    """Works under a policy without unsafe-inline; the one script is a file."""
    for element in page.root.every():
        handlers = [name for name in element.attributes if name == "style" or name.startswith("on")]
        yield from (f"<{element.tag} {name}>" for name in handlers)
        machine = element["type"] == "application/ld+json"
        if element.tag == "style" or (
            element.tag == "script" and not machine and not OWN_SCRIPT.fullmatch(element["src"])
        ):
            yield f"<{element.tag}>"


@rule(Kind.PAGE, rows="A-28 A-31", breaks=[(r'(?s)(<nav class="site-nav".*?)<li><a href="/zwfw/".*?</li>', r"\1"),
                                           (r'(?s)(<nav class="site-nav".*?)href="/hudong/"', r'\1href="/"')])  # fmt: skip
def every_page_leads_to_disclosure_services_and_interaction(page: Page) -> Iterator[str]:
    shown = {link["href"]: link.text for link in page.root.one("nav", of="site-nav").every("a")}
    for url, name in {"/xxgk/": "政府信息公开", "/zwfw/": "政务服务", "/hudong/": "政民互动"}.items():
        if name not in shown.get(url, ""):
            yield f"导航没有{name}"


@rule(Kind.PAGE, rows="A-17 D-07c A-33", breaks=[(r'href="/files/\w\w/', 'href="/files/xx/'), (r'(<a href="/files[^>]*)docx"', r'\1pdf"'),
                                              (r'catalogue\.xlsx" download', 'catalogue.docx" download'), (r"\d+ KB", "999 KB"), (r"/volume-(\d)", r"/volume-9\1")])  # fmt: skip
def every_download_is_there_and_is_what_it_says(page: Page) -> Iterator[str]:
    for link in page.main.every("a"):
        if "download" not in link.attributes:
            continue
        file = page.tree.file(link["href"])
        suffix = Path(link["download"] or link["href"]).suffix
        if not file.is_file() or file.stat().st_size == 0:
            yield f"没有文件{link['href']}"
        elif suffix != file.suffix or not is_what_it_says(file):
            yield f"{link['href']}不是{suffix}"
    for cell in page.main.every():
        yield from wrong_size(page, [part for part in cell.inside if not isinstance(part, str)])


def wrong_size(page: Page, parts: list) -> Iterator[str]:
    """A link to a file and the size that stands after it."""
    for link, said in pairwise(parts):
        size = re.search(r"，([\d.]+) (KB|MB)", said.text)
        if "download" in link.attributes and size and page.tree.has(link["href"]):
            found = page.tree.file(link["href"]).stat().st_size / (1024 if size[2] == "KB" else 1024**2)
            if abs(found - float(size[1])) > 1:
                yield f"{link['href']}不是{size[0]}"


def is_what_it_says(file: Path) -> bool:
    """Whether the content of a file is of the kind its name says."""
    kind = file.suffix.removeprefix(".")
    if kind in PARTS:
        with zipfile.ZipFile(file) as packed:
            return PARTS[kind] in packed.namelist()
    return kind != "pdf" or file.read_bytes().startswith(b"%PDF-")
