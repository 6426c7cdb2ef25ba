"""What every disclosure says of itself, what an organ must publish, and the catalogues of both columns."""

import re
from collections.abc import Iterator

from content.models import Validity
from tests.columns.crawler import Kind, Page
from tests.columns.rules import Check, rule

DAY = r"\d{4}-\d\d-\d\d"
FIELDS = {
    "索引号": ("A-02", r"\w{18}/\d{6}-\d{5}"),
    "发布机构": ("A-05", r".{3,}"),
    "生成日期": ("A-32", DAY),
    "发布日期": ("A-04", DAY),
    "有效性": ("A-24", rf"(?:{'|'.join(value.value for value in Validity)})(?: （.+）)?"),
    "公开方式": ("A-12", "主动公开"),
}
DUTY = {"公开事项与内容": "A-22", "职责与依据": "A-21", "时限": "A-23", "最近公开": "A-19"}
OF_ITEMS = ("序号", "事项名称", "事项类型", "办理主体", "行使依据", "法定期限", "收费标准与依据")
COUNTED = ("行政许可", "行政征收", "非行政许可的行政审批", "行政确认", "代理事项", "其他", "便民服务事项")


def says(label: str, row: str, wanted: str) -> Check:
    """The check that the table of a disclosure's metadata has a field of this form."""

    def check(page: Page) -> Iterator[str]:
        if not re.fullmatch(wanted, page.facts.get(label, "")):
            yield f"{label}是{page.facts.get(label)}"

    check.__name__ = f"every_disclosure_says_{row}"
    return check


for label, (row, wanted) in FIELDS.items():
    rule(Kind.DISCLOSURE, rows=row, breaks=[(f"<dt>{label}</dt>", "<dt></dt>"), (rf"(?s)<dt>{label}</dt>(<dd[^>]*>).*?</dd>", rf"<dt>{label}</dt>\1</dd>")])(
        says(label, row, wanted)
    )  # fmt: skip


@rule(Kind.DISCLOSURE, rows="A-03", breaks=[("<h1>[^<]+", "<h1>别的"), ("<title>[^<]+", "<title>别的")])
def every_disclosure_bears_its_title(page: Page) -> Iterator[str]:
    title = page.main.one("h1").text
    if (
        not title
        or not page.root.one("title").text.startswith(title)
        or page.tags.get("ArticleTitle") != title
    ):
        yield f"标题是{title}"


@rule(Kind.DISCLOSURE, rows="A-18", breaks=[("(?s)<h2>监督</h2>", ""), ("请向", ""), (r'<dd><a href="/xxgk/o/\d+/">', "<dd><a>")])  # fmt: skip
def every_disclosure_leads_to_who_answers_for_it(page: Page) -> Iterator[str]:
    if not any(re.fullmatch(r"/xxgk/o/\d+/", link) for link in page.links):
        yield "没有发布机构的栏目"
    boxes = [box.text for box in page.main.every("section", of="box")]
    if not any(box.startswith("监督") and "请向" in box for box in boxes):
        yield "没有监督渠道"


@rule(Kind.DISCLOSURE, rows="A-14", breaks=[(r'(?s)<div class="body">.*</div>', "")])
def every_disclosure_has_a_text_or_a_file(page: Page) -> Iterator[str]:
    text = "".join(part.text for part in page.main.every("div", of="body"))
    if len(text) < 20 and not any("download" in link.attributes for link in page.main.every("a")):
        yield "没有正文和附件"


@rule(
    Kind.DISCLOSURE,
    rows="A-38",
    breaks=[
        (r"(正在公示</b>.*?至 )<time[^>]*>[^<]*</time>", r"\1"),
        (r"有异议的，请在公示期内向[^，]+提出", ""),
        (r'(?s)正在公示</b>(.*?电话 <span class="nowrap">)[^<]+', r"正在公示</b>\1"),
    ],
)
def every_public_notice_says_until_when_and_where_to_object(page: Page) -> Iterator[str]:
    for box in page.main.every("div", of="notice"):
        if "正在公示" not in box.text:
            continue
        if not re.search(rf"公示期自 {DAY} 至 {DAY}", box.text):
            yield f"公示期是{box.text}"
        if not re.search(r"有异议的，请在公示期内向.+提出，说明理由，电话 [\d-]{7,}", box.text):
            yield "没有说向谁提出异议"


@rule(
    Kind.ENTRIES,
    rows="A-03 A-04", breaks=[(r"(?s)(<ul class=\"list rows\">.*?)<time.*?</time>", r"\1"), (r"(?s)(<ul class=\"list rows\">.*?href=)\"[^\"]+\"", r'\1"/"')])  # fmt: skip
def every_entry_leads_to_its_disclosure_and_bears_its_day(page: Page) -> Iterator[str]:
    for listed in page.main.every("ul", of="rows"):
        for entry in listed.every("li"):
            link = entry.one("a")
            target = page.tree.page(link["href"])
            if target.main.one("h1").text != link.text or not any(
                day["datetime"] == target.facts.get("发布日期") for day in entry.every("time")
            ):
                yield f"{entry.text}不是{link['href']}所说"


@rule(Kind.DISCLOSURES, rows="A-01 A-32 A-37", breaks=[(f'href="/xxgk/{name}/"', 'href="/"') for name in ("ml", "nb", "sx", r"o/\d+")] + [('id="ysq"', 'id="x"')])  # fmt: skip
def the_disclosure_column_has_its_parts_and_every_organ(page: Page) -> Iterator[str]:
    links = {link["href"]: link.text for link in page.main.every("a")}
    for url in ("/xxgk/ml/", "/xxgk/nb/", "/xxgk/sx/"):
        if url not in links:
            yield f"没有{url}"
    if "ysq" not in page.ids:
        yield "没有依申请公开"
    for other in page.tree.of(Kind.DISCLOSURE):
        organ = next(link for link in other.links if re.fullmatch(r"/xxgk/o/\d+/", link))
        if organ not in links:
            yield f"没有{other.facts['发布机构']}"


@rule(Kind.CATALOGUE, rows="A-02 A-32", breaks=[(f'<th scope="col">{name}</th>', "") for name in ("索引号", "名称与内容概述", "生成日期")] + [(r"/\d{6}-\d{5}</td>", "/</td>")])  # fmt: skip
def the_catalogue_says_of_each_what_its_page_says(page: Page) -> Iterator[str]:
    """条例 art. 12."""
    for row in page.rows():
        if not {"索引号", "名称与内容概述", "生成日期"} <= row.keys():
            yield f"目录只有{'、'.join(row)}"
            continue
        facts = page.tree.page(row["名称与内容概述"].one("a")["href"]).facts
        if (row["索引号"].text, row["生成日期"].text) != (facts["索引号"], facts["生成日期"]):
            yield f"{row['索引号'].text}与页面不同"


@rule(Kind.DUTIES, rows=f"A-19 A-20 {' '.join(DUTY.values())}",
      breaks=[(f'<th scope="col">{name}</th>', "") for name in DUTY] + [("发布主体：", ""), (r'<td data-label="时限">[^<]+', '<td data-label="时限">—'), (r'</a><p class="quiet">[^<]+</p></th>', "</a></th>"),
              (r"共\d+项", "共99项"), (r'(?s)<td data-label="职责与依据">.*?</td>', '<td data-label="职责与依据"></td>'), (r"<h1>[^<]*政府信息", "<h1>信息")])  # fmt: skip
def the_catalogue_of_duties_says_who_why_what_and_by_when(page: Page) -> Iterator[str]:
    said, rows = page.main.one("p", of="lead").text, page.rows()
    if not re.match(r"发布主体：.{3,}", said) or f"共{len(rows)}项" not in said:
        yield f"写的是{said}"
    if not page.main.one("h1").text.endswith("政府信息公开事项目录"):
        yield "不是政府信息公开事项目录"
    for row in rows:
        for name in DUTY:
            if name not in row or (row[name].text in ("", "—") and name != "最近公开"):
                yield f"一项没有{name}"
        if not any(len(said.text) > 3 for said in row.get("公开事项与内容", page.main).every("p")):
            yield "一项没有内容"


@rule(Kind.ALL_DUTIES, rows="A-19", breaks=[(r'(?s)(<main.*?)href="/xxgk/sx/\d+/"', r'\1href="/"')])
def the_catalogue_of_duties_names_every_organ_that_has_one(page: Page) -> Iterator[str]:
    for other in page.tree.of(Kind.DUTIES):
        if other.url not in page.links:
            yield f"没有{other.url}"


@rule(Kind.ITEM_CATALOGUE, rows="B-12 B-20 B-23", breaks=[(f'<th scope="col">{name}</th>', "") for name in OF_ITEMS] + [(r'<td data-label="序号">1<', '<td data-label="序号">7<'), (r'(<td data-label="事项类型">)[^<]+', r"\1别的")])  # fmt: skip
def the_catalogue_of_items_has_its_columns_and_numbers_from_one(page: Page) -> Iterator[str]:
    for section in page.main.every("section", of="section"):
        rows = page.rows(section.one("h2").text)
        if any(tuple(row) != OF_ITEMS for row in rows):
            yield f"各栏是{[tuple(row) for row in rows][:1]}"
            continue
        if [row["序号"].text for row in rows] != [str(number) for number in range(1, len(rows) + 1)]:
            yield f"{section.one('h2').text}不从1编号"
        if {row["事项类型"].text for row in rows} != {section.one("h2").text}:
            yield f"{section.one('h2').text}里有别的类型"


@rule(Kind.ORGAN_CATALOGUE, rows="B-21 B-22 B-24", breaks=[("政务服务事项内容目录</h1>", "目录</h1>"), (r"行政许可\d+项", "行政许可77项"), (r"共\d+项", "共99项"), ("行政征收0项，", ""),
                                                           (r"(行政许可\d+项)，(行政征收\d+项)", r"\2，\1")])  # fmt: skip
def the_head_of_an_organs_catalogue_counts_each_category_in_order(page: Page) -> Iterator[str]:
    said = page.main.one("p", of="lead").text
    counts = {
        name: int(count) for name, count in re.findall(r"([^，\d]+)(\d+)项", said.partition("；其中")[2])
    }
    heads = [section.one("h2").text for section in page.main.every("section", of="section")]
    if not page.main.one("h1").text.endswith("政务服务事项内容目录"):
        yield "标题不对"
    if tuple(counts)[: len(COUNTED)] != COUNTED or not said.startswith(f"共{sum(counts.values())}项"):
        yield f"统计是{said}"
    if heads != [name for name, count in counts.items() if count]:
        yield f"次序是{heads}"
    for name in heads:
        if len(page.rows(name)) != counts.get(name):
            yield f"{name}不是{counts.get(name)}项"


@rule(
    Kind.ITEM_CATALOGUES,
    rows="B-01 B-12 B-13 B-20 B-21",
    breaks=[('href="/zwfw/ml/k/bm/"', 'href="/"'), (r'href="/zwfw/ml/o/\d+/"', 'href="/"')],
)
def the_catalogues_of_items_are_named_in_one_place(page: Page) -> Iterator[str]:
    for other in page.tree.of(Kind.ITEM_CATALOGUE):
        if not re.search(r"\d+\.html$", other.url) and other.url not in page.links:
            yield f"没有{other.url}"


@rule(
    Kind.ITEM_CATALOGUE,
    rows="A-33 B-21",
    breaks=[(r"catalogue\.xlsx", "catalogue"), (r"catalogue\.docx", "catalogue")],
)
def every_catalogue_of_items_can_be_taken_along(page: Page) -> Iterator[str]:
    for suffix in ("xlsx", "docx"):
        files = [link for link in page.links if link.endswith(f"catalogue.{suffix}")]
        if not files or not page.tree.has(files[0]):
            yield f"没有{suffix}"
