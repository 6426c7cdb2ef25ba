"""The home page of the site and of its three columns, and the lists of the service column."""

import re
from collections.abc import Iterator

from tests.columns.crawler import Kind, Page
from tests.columns.rules import rule

ON_HOME = {
    "/xxgk/": "政府信息公开",
    "/zwfw/": "政务服务",
    "/hudong/": "咨询与投诉",
    "/zwfw/online/": "网上申报入口",
    "/xxgk/ml/": "政府信息公开目录",
    "/svc/lookup": "办件查询",
}
CODE = re.compile(r"[0-9A-Z]{8,10}[A-Z]{2}-[A-Z]{2}-\d{4}")
PAGE_SIZE = 20


def heads(page: Page) -> list[str]:
    return [heading.text for heading in page.main.every("h2")]


@rule(Kind.HOME, rows="A-01 A-28 A-29 A-31",
      breaks=[(f'href="{url}"', 'href="/map.html"') for url in ON_HOME]
      + [("网上申报入口", "入口"), ('(?s)<div class="section-head"><h2 id="xxgk">.*?</div>', "")])  # fmt: skip
def the_home_page_leads_to_every_column_and_to_filing(page: Page) -> Iterator[str]:
    shown = [(link["href"], link.text) for link in page.main.every("a")]
    named = {*(text for _, text in shown), *heads(page)}
    for url, name in ON_HOME.items():
        if url not in dict(shown) or not any(name in text for text in named):
            yield f"首页没有{name}"


@rule(Kind.HOME, rows="D-01", breaks=[("政务服务专栏", "办事大厅")])
def the_home_page_has_a_column_of_exactly_that_name(page: Page) -> Iterator[str]:
    if "政务服务专栏" not in heads(page):
        yield "没有政务服务专栏"


@rule(
    Kind.SERVICES, rows="D-02", breaks=[(r"<h1>\w+政务", "<h1>政务"), ('<div class="title-area">', "<div>")]
)
def the_service_column_is_headed_by_the_region_and_its_name(page: Page) -> Iterator[str]:
    area = page.main.every("div", of="title-area")
    if not area or not re.fullmatch(r"\w+[县区市]政务服务专栏", area[0].one("h1").text):
        yield "没有标题区"


@rule(Kind.SERVICES, rows="D-11", breaks=[('name="kind" value="service"', 'name="kind" value="disclosure"'), ('id="zwfw-q" name="q"', 'id="zwfw-q"')])  # fmt: skip
def the_service_column_has_a_search_of_its_own(page: Page) -> Iterator[str]:
    forms = [form for form in page.main.every("form") if form["action"] == "/svc/search"]
    if not any(form.every("input", name="kind", value="service") and form.every("input", name="q") for form in forms):  # fmt: skip
        yield "没有信息检索栏"


@rule(Kind.SERVICES, rows="D-00 D-03a D-03b B-01 A-32",
      breaks=[(r'(?s)<h3 class="group">便民服务.*?</h3>', ""), (r"(行政许可[^ ]* <small>)\d+项", r"\g<1>999项"),
              ('href="/zwfw/ml/"', 'href="/zwfw/"'), ('href="/zwfw/k/xk/"', 'href="/zwfw/k/zs/"')])  # fmt: skip
def the_service_column_shows_its_categories_in_two_levels(page: Page) -> Iterator[str]:
    if not any(page.tree.of(Kind.GUIDE)):
        return
    section = page.main.one("section", **{"aria-labelledby": "kinds"})
    groups = [heading.text.partition("（")[0].strip() for heading in section.every("h3")]
    if groups != ["行政职权", "便民服务与公共服务"]:
        yield f"类别分为{groups}"
    for link in section.every("a"):
        listed, said = page.tree.page(link["href"]), re.search(r"(\d+)项", link.text)
        if (
            not said
            or f"共{said[1]}项" not in listed.main.text
            or listed.main.one("h1").text not in link.text
        ):
            yield f"{link.text}不是{link['href']}所列"
    for url in ("/zwfw/all/", "/zwfw/ml/"):
        if url not in page.links:
            yield f"没有{url}"


@rule(Kind.ONLINE, rows="A-30", breaks=[('href="/svc/lookup"', 'href="/"'), ('href="/hudong/"', 'href="/"'),
                                     ("/svc/apply/", "/svc/appl/")])  # fmt: skip
def from_the_entry_one_reaches_filing_consultation_and_feedback(page: Page) -> Iterator[str]:
    links = [link["href"] for link in page.main.every("a")]
    for url in ("/svc/lookup", "/hudong/"):
        if url not in links:
            yield f"没有{url}"
    for row in page.rows():
        if not any(
            link["href"].startswith("/svc/apply/") for cell in row.values() for link in cell.every("a")
        ):
            yield f"{row['事项名称'].text}没有申请入口"


@rule(Kind.ITEMS, rows="D-03c D-04b D-04c B-15",
      breaks=[('<td data-label="事项编码" class="code nowrap">', "<td>X"), (r'(<th scope="row"><a href=")/zwfw/\d+/', r"\1/zwfw/"),
              (r'<td data-label="办理部门">[^<]+', '<td data-label="办理部门">别的部门'), ('<th scope="col">办理部门</th>', "")])  # fmt: skip
def every_entry_shows_code_name_and_department_and_opens_its_item(page: Page) -> Iterator[str]:
    for row in page.rows("事项列表"):
        if not {"事项编码", "事项名称", "办理部门"} <= row.keys():
            yield f"一条只有{'、'.join(row)}"
            continue
        link = row["事项名称"].one("a")
        facts = page.tree.page(link["href"]).facts
        shown = [row[name].text for name in ("事项编码", "事项名称", "办理部门")]
        if shown != [facts.get(name) for name in ("事项编码", "事项名称", "办理部门")] or not CODE.fullmatch(
            shown[0]
        ):
            yield f"{shown}不是{link['href']}所说"


@rule(Kind.ITEMS, Kind.ENTRIES, rows="D-04a", breaks=[('<nav class="pager"', '<nav class="x"'), (r"(?s)(<tbody>\s*<tr>.*</tbody>)", r"\1\1\1\1")])  # fmt: skip
def lists_are_paged(page: Page) -> Iterator[str]:
    rows = len(page.rows()) or sum(len(listed.every("li")) for listed in page.main.every("ul", of="rows"))
    if rows > 2 * PAGE_SIZE:
        yield f"一页{rows}条"
    said = re.search(r"共(\d+)[项条]", page.main.text)
    if said and int(said[1]) > 2 * PAGE_SIZE and not page.main.every("nav", of="pager"):
        yield "没有分页"


@rule(Kind.EVERY_ITEM, rows="B-15", breaks=[(r"(?s)(<tbody>)\s*(<tr>.*?</tr>)", r"\1\2\2")])
def no_two_items_have_one_code(page: Page) -> Iterator[str]:
    codes = [
        row["事项编码"].text
        for other in page.tree.of(Kind.EVERY_ITEM)
        for row in (page if other.url == page.url else other).rows()
    ]
    yield from (f"编码{code}不止一个" for code in sorted(set(codes)) if codes.count(code) > 1)


@rule(Kind.INTERACTION, rows="A-18 A-31", breaks=[("12345", "12346"), ('href="/hudong/yjzj/"', 'href="/"'),
                                          ('id="jiandu"', 'id="x"'), ('"/svc/lookup"', '"/"'), ('"/xxgk/#ysq"', '"/"')])  # fmt: skip
def every_way_to_be_heard_is_reached_from_one_place(page: Page) -> Iterator[str]:
    links = [link["href"] for link in page.main.every("a")]
    for url in ("/hudong/yjzj/", "/svc/lookup", "/xxgk/#ysq"):
        if url not in links:
            yield f"没有{url}"
    if "jiandu" not in page.ids or "12345" not in page.main.text:
        yield "没有投诉举报"


@rule(Kind.QUESTION, rows="D-08b", breaks=[(r"<span>(<bdi>)?[^<]*(</bdi>)?答复</span>", "<span>答复</span>"), (r"(?s)(<article.*?</p>)\s*<p>.*?</article>", r"\1</article>")])  # fmt: skip
def every_question_shows_its_answer_and_who_answered(page: Page) -> Iterator[str]:
    meta, answer = page.main.one("p", of="meta"), page.main.one("article").every("p")[1:]
    if not re.match(r".{3,}答复", meta.text):
        yield "没有答复单位"
    if not "".join(part.text for part in answer):
        yield "没有答复"
