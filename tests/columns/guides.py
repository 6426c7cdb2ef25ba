"""What the page of every item says: its five parts, its fields, its materials, forms and results."""

import re
from collections.abc import Iterator

from content.models import LawRank
from tests.columns.crawler import Kind, Page, children
from tests.columns.rules import Check, rule

PARTS = {
    "guide": "办事指南",
    "ask": "网上咨询",
    "forms": "表格下载",
    "apply": "网上申请",
    "result": "结果反馈",
}
FIELDS = {
    "事项编码": "C-01 A-15", "事项名称": "C-03 A-15", "办理部门": "C-11 A-15", "办理主体": "C-05 A-43", "行使依据": "C-04 B-05 A-43",
    "受理条件": "C-06 A-16 A-43", "收费依据和标准": "C-07 B-29", "法定期限": "C-08", "承诺期限": "C-09", "办理地点": "C-12",
    "联系电话": "C-13", "监督电话": "C-17 A-18 A-43", "运行阶段": "M-05",
}  # fmt: skip
MAY_BE_UNSET = {"法定期限", "承诺期限"}  # where the law sets none, or nothing is promised
NATURE = re.compile(r".+（(?:法定机关|授权组织|受委托单位，委托单位：[^（）]+)）")
RANKS = [rank.value for rank in LawRank]


def says(label: str, row: str) -> Check:
    """The check that a guide shows a field, with something in it."""

    def check(page: Page) -> Iterator[str]:
        said = page.facts.get(label, "")
        if not said or (said == "—" and label not in MAY_BE_UNSET):
            yield f"没有{label}"

    check.__name__ = f"every_guide_says_{row}"
    return check


for label, rows in FIELDS.items():
    pair = rf"<dt>{label}</dt><dd( class=\"code\")?>"
    rule(Kind.GUIDE, rows=f"D-06 {rows}" if label != "运行阶段" else rows,
         breaks=[(f"<dt>{label}</dt>", "<dt></dt>"), (rf"(?s){pair}.*?</dd>", f"<dt>{label}</dt><dd></dd>")])(says(label, rows[:4]))  # fmt: skip


@rule(Kind.GUIDE, rows="D-05", breaks=[(f'<li><a href="#{name}">', "<li><a>") for name in PARTS] + [(f'<h2 id="{name}-title">.*?</h2>', "") for name in PARTS])  # fmt: skip
def every_guide_has_the_five_parts_and_leads_to_each(page: Page) -> Iterator[str]:
    index = [(link["href"], link.text) for link in page.main.one("nav", of="index").every("a")]
    if index[:5] != [(f"#{name}", title) for name, title in PARTS.items()]:
        yield f"子栏目是{index}"
    for name, title in PARTS.items():
        section = page.main.every("section", id=name)
        heading = section[0].every("h2") if section else []
        if not heading or heading[0].text != title or len(section[0].text) < len(title) + 5:
            yield f"没有{title}"


@rule(Kind.GUIDE, rows="C-02 B-02 B-03", breaks=[('<span class="tag">', "<span>"), ('name="ColumnName" content="', 'name="ColumnName" content="X')])  # fmt: skip
def every_guide_says_its_category(page: Page) -> Iterator[str]:
    tag = page.main.one("p", of="meta").every("span", of="tag")
    if not tag or tag[0].text != page.tags.get("ColumnName"):
        yield "没有事项分类"


@rule(Kind.GUIDE, rows="B-04 B-31", breaks=[(r'(?s)<p class="lead">.*?</p>', "")])
def every_guide_says_what_the_item_is(page: Page) -> Iterator[str]:
    content = [*page.main.every("p", of="lead"), *page.main.every("div", of="body")]
    if not any(len(part.text) > 10 for part in content) and "事项内容" not in page.facts:
        yield "没有内容"


@rule(Kind.GUIDE, rows="C-10", breaks=[(r"<dt>承诺期限</dt><dd>\d+个", "<dt>承诺期限</dt><dd>999个")])
def no_promise_is_longer_than_the_law(page: Page) -> Iterator[str]:
    limits = [
        re.match(r"(\d+)(个工作日|日|小时)", page.facts.get(name, "")) for name in ("法定期限", "承诺期限")
    ]
    if limits[0] and limits[1] and limits[0][2] == limits[1][2] and int(limits[1][1]) > int(limits[0][1]):
        yield "承诺期限超过法定期限"


@rule(
    Kind.GUIDE,
    rows="B-26 B-27",
    breaks=[("（法定机关）", ""), ("（法定机关）", "（机关）"), ("（法定机关）", "（受委托单位）")],
)
def the_subject_is_of_one_of_three_natures(page: Page) -> Iterator[str]:
    if not NATURE.fullmatch(page.facts.get("办理主体", "")):
        yield f"办理主体是{page.facts.get('办理主体')}"


@rule(Kind.GUIDE, rows="B-28 A-14 C-04",
      breaks=[("(?s)法律</span>(.{0,900}行政法规</span>)", r"部门规章</span>\1"), ("(?s)<blockquote>.*?</blockquote>", "<blockquote></blockquote>"),
              (r'第[^条<]+条[^<]*(<span class="tag">|</summary>)', r"\1")])  # fmt: skip
def bases_stand_from_high_to_low_with_article_and_wording(page: Page) -> Iterator[str]:
    bases = page.main.one("div", id="bases")
    ranks = [RANKS.index(tag.text) for tag in bases.every("span", of="tag")]
    if ranks != sorted(ranks):
        yield "依据没有从高到低"
    for basis in bases.every("details"):
        if not basis.one("blockquote").text or not re.search(
            r"《.+》.*(?:第.+条|（.+）)", basis.one("summary").text
        ):
            yield f"{basis.one('summary').text}没有条款或者内容"


@rule(
    Kind.GUIDE, rows="B-29", breaks=[("<dt>收费依据和标准</dt><dd>不收费", "<dt>收费依据和标准</dt><dd>收")]
)
def a_guide_says_that_nothing_is_charged_or_what_and_by_what_right(page: Page) -> Iterator[str]:
    said = page.facts.get("收费依据和标准", "")
    if not said.startswith("不收费") and not re.search(r"\d|《", said):
        yield f"收费写的是{said}"


@rule(
    Kind.GUIDE,
    rows="M-05",
    breaks=[
        ("正式运行</span>", "试运行</span>"),
        ("<dt>运行阶段</dt><dd>正式运行", "<dt>运行阶段</dt><dd>运行"),
    ],
)
def every_item_is_on_trial_or_in_formal_operation(page: Page) -> Iterator[str]:
    stage = page.facts.get("运行阶段")
    if stage not in ("试运行", "正式运行") or stage not in page.main.one("p", of="meta").text.split():
        yield f"运行阶段是{stage}"


@rule(
    Kind.GUIDE,
    rows="B-14",
    breaks=[(r'(?s)class="tag">便民服务(.*)<ol class="steps">', r'class="tag">便民服务\1<ol>')],
)
def a_convenience_service_has_a_flow(page: Page) -> Iterator[str]:
    if page.tags.get("ColumnName") == "便民服务" and not page.main.every("ol", of="steps"):
        yield "便民服务没有流程"


@rule(Kind.GUIDE, rows="A-34 A-35 B-29",
      breaks=[("<dt>裁量范围</dt>", "<dt></dt>"), ("<dt>处罚种类</dt>", "<dt></dt>"), ('(?s)<td data-label="裁量标准">.*?</td>', ""),
              ('(?s)(行政处罚</span>.*<h2 id="apply-title">.*?</p>)', r'\1<a href="/svc/apply/X">申请</a>')])  # fmt: skip
def a_penalty_shows_its_discretion_and_takes_no_application(page: Page) -> Iterator[str]:
    if page.tags.get("ColumnName") != "行政处罚":
        return
    if not {"裁量范围", "处罚种类"} <= page.facts.keys():
        yield "没有裁量范围或者种类"
    degrees = page.rows("裁量幅度")
    if not degrees or not all("裁量标准" in row and row["裁量标准"].text for row in degrees):
        yield "没有裁量幅度"
    if any(link.startswith("/svc/apply/") for link in page.links):
        yield "行政处罚可以申请"


@rule(Kind.GUIDE, rows="A-29 C-18 D-09a", breaks=[(r'(?s)(<section class="section" id="apply".*?)/svc/apply/[\w-]+', r"\1/svc/apply/X"),
                                             ('(?s)(<section class="section" id="apply".*?)<p>.*?</section>', r"\1</section>")])  # fmt: skip
def an_item_is_applied_for_under_its_own_code_or_says_how_else(page: Page) -> Iterator[str]:
    section, code = page.section("apply"), page.facts.get("事项编码")
    entries = [link["href"] for link in section.every("a") if link["href"].startswith("/svc/apply/")]
    if any(entry != f"/svc/apply/{code}" for entry in entries):
        yield f"申请入口是{entries}"
    if not entries and len(section.text) < 15:
        yield "没有说怎么申请"


@rule(Kind.GUIDE, rows="D-07a D-07b C-15",
      breaks=[('(<td data-label="表格编号" class="code">)[^<]*', r"\1—"), ("(?s)(<caption[^>]*>服务表格</caption>.*?<b>)[^<]+", r"\1"),
              ('<th scope="col">简要说明</th>', ""), ("本事项没有需要下载的表格。", ""),
              ('(?s)<td data-label="空白表格">.*?</td>', '<td data-label="空白表格"></td>')])  # fmt: skip
def every_form_is_listed_with_number_name_note_and_file(page: Page) -> Iterator[str]:
    forms = page.rows("服务表格")
    if not forms and "没有需要下载的表格" not in page.section("forms").text:
        yield "没有说有没有表格"
    for form in forms:
        for name in ("表格编号", "表格名称", "简要说明", "空白表格"):
            if name not in form or form[name].text in ("", "—"):
                yield f"表格没有{name}"
        blank = form.get("空白表格")
        if blank and not blank.every("a") and blank.text != "到窗口领取":
            yield "表格没有文件，也没有说到哪里领取"


@rule(Kind.GUIDE, rows="F-10 F-11",
      breaks=[(f'<td data-label="{name}">[^<]+', f'<td data-label="{name}">—') for name in ("必要性", "格式", "载体", "报送方式")]
      + [("（存储要求：[^）]*）", ""), ('<th scope="row"><b>[^<]+</b>(?=.*\n<td data-label="必要性">)', '<th scope="row"><b></b>')])  # fmt: skip
def every_material_states_format_carrier_way_and_storage(page: Page) -> Iterator[str]:
    for material in page.rows("申请材料"):
        name = material["材料名称"]
        if not name.one("b").text or "存储要求" not in name.text:
            yield f"{name.text}没有名称或者存储要求"
        for field in ("必要性", "格式", "载体", "报送方式"):
            if material[field].text in ("", "—"):
                yield f"{name.text}没有{field}"


@rule(
    Kind.GUIDE,
    rows="F-09",
    breaks=[
        ("下列环节依法不计入办理期限", "下列环节"),
        (r'(?s)(<h3 id="excluded">.*?<dd>).*?</dd>', r"\1</dd>"),
    ],
)
def steps_outside_the_limit_are_explained(page: Page) -> Iterator[str]:
    parts = children(page.section("guide"))
    places = [place for place, part in enumerate(parts) if part["id"] == "excluded"]
    for place in places:
        said, steps = parts[place + 1 : place + 3]
        if "不计入办理期限" not in said.text:
            yield "没有说不计入期限"
        if not steps.every("dd") or not all(len(step.text) > 5 for step in steps.every("dd")):
            yield "不计入期限的环节没有说明"


@rule(
    Kind.GUIDE, rows="C-16", breaks=[(r"(?s)(<details><summary>.*?</summary>).*?</details>", r"\1</details>")]
)
def every_question_of_an_item_has_its_answer(page: Page) -> Iterator[str]:
    for asked in page.section("ask").every("details"):
        if len(asked.text) <= len(asked.one("summary").text):
            yield f"{asked.one('summary').text}没有解答"


@rule(
    Kind.GUIDE,
    rows="D-08b",
    breaks=[('(?s)(<section class="section" id="ask".*)<p class="after">.*?</p>', r"\1")],
)
def a_guide_says_whom_to_ask(page: Page) -> Iterator[str]:
    if page.facts.get("联系电话", "?") not in page.section("ask").text:
        yield "没有咨询电话"


@rule(
    Kind.GUIDE,
    rows="D-05",
    breaks=[('(?s)(<section class="section" id="result".*)href="/svc/lookup"', r'\1href="/"')],
)
def the_result_of_an_application_is_looked_up_from_its_item(page: Page) -> Iterator[str]:
    if page.section("apply").every("a", of="button") and not page.section("result").every(
        "a", href="/svc/lookup"
    ):
        yield "不能查询结果"


@rule(Kind.RESULTS, rows="D-10c D-10d",
      breaks=[(f'<th scope="col">{name}</th>', "") for name in ("办件编号", "办件名称", "办理结果", "办结时间")]
      + [(r'<td data-label="办理结果">[^<]+', '<td data-label="办理结果">'), (r"共\d+件", "共99件"), (r'href="/zwfw/\d+/#guide"', 'href="/zwfw/"')])  # fmt: skip
def public_results_stand_with_their_four_fields(page: Page) -> Iterator[str]:
    rows = page.rows("办理结果")
    for row in rows:
        for name in ("办件编号", "办件名称", "办理结果", "办结时间"):
            if name not in row or not row[name].text:
                yield f"结果没有{name}"
    if f"共{len(rows)}件" not in page.main.text:
        yield "件数不对"
    item = page.url.partition("results/")[0]
    if f"{item}#guide" not in page.links or page.url not in page.tree.page(item).links:
        yield "与办事指南不相连"
