"""The rows of form A1 (政务服务事项内容信息表): what each says of an item, and what is read from it.

Source: appendix 1 of the implementation guide (工信部联信〔2011〕455号); rows C-01 … C-18.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from content.errors import Fault
from content.models import ItemCategory, ServiceEdition, SubjectNature
from content.operations.parts import part_values
from exchange.errors import UnreadableValueError
from exchange.fields import SERVICE_ITEMS
from exchange.service_items import CATEGORIES, FREE, NATURES
from exchange.service_parts import read_parts
from exchange.values import Reader, check_lengths, clean

Values = dict[str, Any]
CLEARED = "（清空）"  # what is written into a cell to empty it; an empty cell says nothing
TICKED = re.compile(r"[☑☒√✓✔■●]")
BOX = re.compile(r"[☑☒√✓✔■●□☐○〇]")
NUMBERED = re.compile(r"\s*[（(]?(\d{1,3})[)）．.、]\s*")
SUBJECT = re.compile(
    r"(?P<subject>.*?)\s*[（(]\s*(?:主体)?(?:性质[:：])?\s*(?P<nature>[^（）()，,；;]+?)"
    r"(?:\s*[，,；;]\s*委托单位(?:名称)?\s*[:：]\s*(?P<unit>[^（）()]*?))?\s*[）)]",
    re.DOTALL,
)
CHARGED = {"收费": True, "是": True, "不收费": False, "否": False} | dict.fromkeys(FREE, False)
QUESTION = re.compile(r"^\s*(?:[（(]?\d{1,3}[)）．.、]\s*)?问\s*[:：]", re.MULTILINE)
ANSWER = re.compile(r"^\s*答\s*[:：]", re.MULTILINE)
FORM_NO = re.compile(r"(.+?)\s*[（(]\s*编号\s*[:：]\s*([^（）()]+)[）)]\s*")
SEE_CHART = "见A2表"


@dataclass(frozen=True)
class Cell:
    """A row of the form: its label, what it says of an edition, and the values it stands for when it was changed."""

    label: str
    write: Callable[[ServiceEdition], str]
    read: Callable[[str, ServiceEdition | None], Values]


def _line(name: str, *, is_plain: bool = False) -> Cell:
    """A field of one line; `is_plain` for numbers and addresses, of which full-width characters are a slip."""

    def read(text: str, _edition: ServiceEdition | None) -> Values:
        line = " ".join(text.split())
        return {name: unicodedata.normalize("NFKC", line) if is_plain else line}

    return Cell(SERVICE_ITEMS[name][0], lambda edition: getattr(edition, name), read)


def _read_title(text: str, _edition: ServiceEdition | None) -> Values:
    return {"title": " ".join(text.split())}


def _category(edition: ServiceEdition) -> str:
    return edition.item_category.value if edition.item_category else ""


def _read_category(text: str, _edition: ServiceEdition | None) -> Values:
    words = re.sub(r"^(?:行政职权|便民服务)\s*[（(／/：:—-]+\s*|[）)]\s*$", "", _ticked(text)).strip()
    reader = Reader({"item_category": words.removesuffix("事项") or words}, SERVICE_ITEMS)
    also = CATEGORIES | {"非行政许可的行政审批": ItemCategory.APPROVAL, "代理": ItemCategory.AGENCY}
    return {"item_category": reader.member("item_category", ItemCategory, also)}


def _ticked(text: str) -> str:
    """Of a list of boxes the words behind the ticked one; text without boxes as it stands."""
    if not BOX.search(text):
        return text.strip()
    found = [
        re.split(r"[\s、，,；;/／（）()]", words.strip(), maxsplit=1)[0].strip()
        for mark, words in zip(BOX.findall(text), BOX.split(text)[1:], strict=True)
        if TICKED.fullmatch(mark)
    ]
    if len(found) != 1:
        raise Fault(f"“{_short(text)}”中应当恰好勾选一项，请检查方框。")
    return found[0]


def _basis(edition: ServiceEdition) -> str:
    lines = []
    for number, basis in enumerate(edition.legal_basis, 1):
        lines.append(f"{number}．{basis.citation}")
        lines += [f"条款：{basis.clause}"] * bool(basis.clause and basis.clause not in basis.citation)
        lines += [f"内容：{basis.wording}"] * bool(basis.wording)
    return "\n".join(lines)


def _read_basis(text: str, edition: ServiceEdition | None) -> Values:
    known = {basis.citation: basis for basis in edition.legal_basis} if edition else {}
    found = [_one_basis(block) for block in _numbered(text)]
    rows = read_parts(Reader({"legal_basis": found}, SERVICE_ITEMS), {})["legal_basis"]
    for row in rows:
        before = known.get(row["citation"])
        if before is not None:
            row["rank"] = before.law.rank if before.law else row["rank"]
            row["clause"] = before.clause if before.clause in row["citation"] else row["clause"]
    return {"legal_basis": rows}


def _one_basis(block: str) -> dict[str, str]:
    head, *rest = block.split("\n")
    found: dict[str, str] = {"依据": head}
    field = ""
    for line in rest:
        said = re.match(r"\s*(条款|内容|条文内容)\s*[:：]\s*(.*)", line)
        if said and not (field == "条文内容" and said[1] == "条款"):
            field = "条款" if said[1] == "条款" else "条文内容"
            line = said[2]
        field = field or "条文内容"
        found[field] = f"{found[field]}\n{line}" if field in found else line
    return found


def _numbered(text: str) -> list[str]:
    """The blocks of a numbered list; without numbers each line is one, but for wording set apart by a label."""
    blocks: list[list[str]] = []
    first = NUMBERED.match(text)
    for line in text.split("\n"):
        number = NUMBERED.match(line)
        if first and number and int(number[1]) == len(blocks) + 1:
            blocks.append([line[number.end() :]])
        elif blocks and (first or not line.lstrip().startswith(("《", "依据"))):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return ["\n".join(block) for block in blocks if "".join(block).strip()]


def _subject(edition: ServiceEdition) -> str:
    nature = edition.subject_nature.value if edition.subject_nature else ""
    unit = f"，委托单位：{edition.entrusting_unit}" if edition.entrusting_unit else ""
    return (
        f"{edition.handling_subject}（{nature or '性质未填'}{unit}）"
        if nature or unit
        else edition.handling_subject
    )


def _read_subject(text: str, edition: ServiceEdition | None) -> Values:
    flat = " ".join(text.split())
    said = SUBJECT.fullmatch(flat)
    if not said or not _is_nature(said["nature"]):
        if BOX.search(flat):
            return _read_ticked_subject(flat)
        return {"handling_subject": flat}
    nature = said["nature"].replace(" ", "")
    reader = Reader({"subject_nature": nature}, SERVICE_ITEMS)
    return {
        "handling_subject": said["subject"].strip(),
        "subject_nature": None
        if nature == "性质未填"
        else reader.member("subject_nature", SubjectNature, NATURES),
        "entrusting_unit": (said["unit"] or "").strip(),
    }


def _is_nature(words: str) -> bool:
    return words.replace(" ", "") in {*NATURES, *(nature.value for nature in SubjectNature), "性质未填"}


def _read_ticked_subject(text: str) -> Values:
    """「县林业局 ☑法定机关 □授权组织 □受委托单位（委托单位：）」."""
    mark = BOX.search(text)
    start = mark.start() if mark else 0
    values: Values = {"handling_subject": text[:start].strip(" （(，,；;：:性质主体")}
    nature = _ticked(text[start:])
    values["subject_nature"] = Reader({"subject_nature": nature}, SERVICE_ITEMS).member(
        "subject_nature", SubjectNature, NATURES
    )
    unit = re.search(r"委托单位(?:名称)?\s*[:：]\s*([^（）()\s]+)", text)
    return values | ({"entrusting_unit": unit[1]} if unit else {})


def _fee(edition: ServiceEdition) -> str:
    said = {True: ["收费"], False: ["不收费"], None: []}[edition.is_charged]
    return "\n".join([*said, *([edition.fee_basis_and_standard] if edition.fee_basis_and_standard else [])])


def _read_fee(text: str, edition: ServiceEdition | None) -> Values:
    head, _, rest = text.partition("\n")
    word = re.sub(r"[\s。；;，,：:]", "", _ticked(head) if BOX.search(head) else head)
    if word in CHARGED:
        return {"is_charged": CHARGED[word], "fee_basis_and_standard": rest.strip()}
    if edition is not None and edition.is_charged is False:
        raise Fault(
            "原来写的是“不收费”。请在“收费依据和标准”的第一行写明“收费”或“不收费”，第二行起写依据和标准。"
        )
    return {"fee_basis_and_standard": text.strip()}


def _forms(edition: ServiceEdition) -> str:
    return "\n".join(_form_line(form.form_name, form.form_no) for form in edition.service_forms)


def _form_line(name: str, number: str) -> str:
    return f"{name}（编号：{number}）" if number else name


def _read_forms(text: str, edition: ServiceEdition | None) -> Values:
    """The forms in this order; one that is known keeps its file and its notes."""
    known = list(edition.service_forms) if edition else []
    rows: list[Values] = []
    for line in filter(None, (_unnumbered(line) for line in text.split("\n"))):
        said = FORM_NO.fullmatch(line)
        name, number = (said[1].strip(), said[2].strip()) if said else (line, "")
        before = next((form for form in known if form.form_name == name), None)
        kept = part_values(before) if before else {}
        rows.append(kept | {"form_name": name} | ({"form_no": number} if number else {}))
        if before is not None:
            known.remove(before)
    return {"service_forms": rows}


def _unnumbered(line: str) -> str:
    number = NUMBERED.match(line)
    return line[number.end() :].strip() if number else line.strip()


def _questions(edition: ServiceEdition) -> str:
    return "\n".join(f"问：{each.question}\n答：{each.answer}" for each in edition.faq)


def _read_questions(text: str, _edition: ServiceEdition | None) -> Values:
    head, *blocks = QUESTION.split(text)
    if head.strip() or not blocks:
        raise Fault("常见问题请写成“问：……”另起一行“答：……”，一问一答。")
    rows = []
    for block in blocks:
        question, *answers = ANSWER.split(block, maxsplit=1)
        rows.append({"question": question.strip(), "answer": answers[0].strip() if answers else ""})
    return {"faq": read_parts(Reader({"faq": rows}, SERVICE_ITEMS), {})["faq"]}


def _read_conditions(text: str, _edition: ServiceEdition | None) -> Values:
    return {"acceptance_conditions": text.strip()}


def _read_chart(text: str, edition: ServiceEdition | None) -> Values:
    """The chart is drawn in form A2; the row only points to it."""
    if text and text != SEE_CHART:
        raise Fault("流程请在A2表中逐个环节填写，这一格保留“见A2表”。")
    return {}


FORM_A1: Mapping[str, Cell] = {
    "item_category": Cell("事项分类", _category, _read_category),
    "item_name": Cell("事项名称", lambda edition: edition.title, _read_title),
    "legal_basis": Cell("行使依据", _basis, _read_basis),
    "handling_subject": Cell("办理主体", _subject, _read_subject),
    "acceptance_conditions": Cell(
        "受理条件", lambda edition: edition.acceptance_conditions, _read_conditions
    ),
    "fee_basis_and_standard": Cell("收费依据和标准", _fee, _read_fee),
    "legal_limit": _line("legal_limit", is_plain=True),
    "promised_limit": _line("promised_limit", is_plain=True),
    "handling_department": _line("handling_department"),
    "handling_place": _line("handling_place"),
    "contact_phone": _line("contact_phone", is_plain=True),
    "flow": Cell("权力运行流程图", lambda edition: SEE_CHART if edition.flow else "", _read_chart),
    "service_forms": Cell("服务表格", _forms, _read_forms),
    "faq": Cell("常见问题解答", _questions, _read_questions),
    "supervision_phone": _line("supervision_phone", is_plain=True),
    "online_handling_url": _line("online_handling_url", is_plain=True),
}
CODE = "item_code"
CODE_LABEL = "事项编码"
ALSO = {"flow": ("权力运行流程图", "流程图"), "fee_basis_and_standard": ("收费标准与依据", "收费依据与标准")}
LABELS = {
    re.sub(r"\s", "", label): name
    for name in (CODE, *FORM_A1)
    for label in (*SERVICE_ITEMS[name], *ALSO.get(name, ()))
}


def label_of(name: str) -> str:
    """What the form calls a row."""
    return FORM_A1[name].label if name in FORM_A1 else CODE_LABEL


def field_of(text: str | None) -> str | None:
    """The row of the form that has this label, however it was typed; None for what is no label."""
    plain = re.sub(r"[\s:：*＊]", "", unicodedata.normalize("NFKC", text or ""))
    plain = re.sub(r"^(?:[（(]?[\d一二三四五六七八九十]{1,3}[)）．.、])", "", plain)
    return LABELS.get(plain)


def texts_of(edition: ServiceEdition) -> dict[str, str]:
    """What each row of the form says of an edition, its number apart."""
    return {name: level(cell.write(edition)) for name, cell in FORM_A1.items()}


def level(text: str) -> str:
    """Text without what word processors add: blanks at the ends of lines and in runs, blank lines, controls."""
    lines = (
        " ".join(line.split())
        for line in re.split(r"\r\n?|[\n\v\f\x85\u2028\u2029]", clean(text, "", "表格"))
    )
    return "\n".join(line for line in lines if line)


def read_cell(name: str, text: str, edition: ServiceEdition | None) -> Values:
    """The values a changed row stands for.

    Raises: RefusedError with what cannot be read and how to write it.
    """
    if text == CLEARED:
        return _cleared(name)
    values = FORM_A1[name].read(text, edition)
    check_lengths(values, ServiceEdition, SERVICE_ITEMS)
    return values


def _cleared(name: str) -> Values:
    if name in ("legal_basis", "service_forms", "faq", "flow"):
        return {name: []}
    if name == "item_name":
        raise UnreadableValueError(name, "事项名称不能清空。")
    if name == "item_category":
        return {name: None}
    if name == "handling_subject":
        return {name: "", "subject_nature": None, "entrusting_unit": ""}
    return {name: ""} | ({"is_charged": None} if name == "fee_basis_and_standard" else {})


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else f"{flat[:40]}…"
