"""The sub-records of a service item's row: legal bases, materials, forms and frequent questions."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from content import rules
from content.models import ItemQuestion, LawRank, LegalBasis, Material, ServiceForm
from exchange.errors import UnreadableValueError
from exchange.fields import FAQ, LEGAL_BASIS, MATERIALS, SERVICE_FORMS, SERVICE_ITEMS, Fields, label_of
from exchange.values import SEPARATOR, Reader, check_lengths

ARTICLE = re.compile(
    r"第[零〇一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十]+)?"
    r"(?:第[零〇一二三四五六七八九十百\d]+款)?(?:第?[（(]?[零〇一二三四五六七八九十百\d]+[）)]?项)?"
)
RANKS = {"省级法规": LawRank.LOCAL_REGULATION, "部委规章": LawRank.MINISTRY_RULE, "国家法律": LawRank.LAW}
NATIONAL = "中华人民共和国"
NEXT_BASIS = re.compile(r"\n|；(?=\s*《)")  # the wording of an article has semicolons of its own
NEXT_QUESTION = re.compile(r"\n(?=\s*问[:：])|\n\s*\n")
QUESTION_AND_ANSWER = re.compile(r"^(?:问[:：]?)?(.+?)\s*答[:：](.*)$", re.DOTALL)


def read_parts(reader: Reader, unknown: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The lists a row gives, ready to be saved.

    Raises: UnreadableValueError naming the list.
    """
    lists: dict[str, list[dict[str, Any]]] = {}
    for name, (fields, bare, separator, read) in PARTS.items():
        if name not in reader:
            continue
        lists[name] = []
        for place, part in enumerate(reader.records(name, fields, bare, unknown, separator), 1):
            try:
                lists[name].append(read(part))
            except UnreadableValueError as error:
                label = label_of(name, SERVICE_ITEMS)
                raise UnreadableValueError(name, f"{label}第{place}项：{error.message}") from None
    return lists


def _legal_basis(part: Reader) -> dict[str, Any]:
    """A basis; 「《…法》第…条：…」 is citation and wording."""
    citation, wording = part.line("citation"), part.text("wording")
    if "citation" not in part:
        law = part.line("law").strip("《》")
        citation = f"《{law}》{part.line('article') or part.line('clause')}" if law else ""
    elif not wording and part.is_foreign("citation"):
        citation, wording = _split_wording(part.text("citation"))
    if not citation:
        raise part.refuse("citation", "行使依据没有写明法律、法规或者文件的名称。")
    clause = part.line("clause") or part.line("article")
    if not clause and part.is_foreign("citation"):
        clause = "、".join(ARTICLE.findall(citation))
    values = {"citation": citation, "clause": clause[:200], "wording": wording}
    check_lengths(values, LegalBasis, LEGAL_BASIS)
    return {**values, "rank": part.member("rank", LawRank, RANKS) or certain_rank(citation)}


def _split_wording(text: str) -> tuple[str, str]:
    head, colon, rest = text.partition("：")
    if colon and rest.strip() and (head.endswith(("》", "条", "款", "项", "）", ")")) and len(head) <= 300):
        return re.sub(r"\s+", " ", head).strip(), rest.strip()
    return re.sub(r"\s+", " ", text), ""


def certain_rank(citation: str) -> LawRank | None:
    """The rank that a title leaves no doubt about: 《中华人民共和国…法》 is a law. Others may be one thing or another."""
    title = rules.law_title(citation) or ""
    if title == f"{NATIONAL}宪法":
        return LawRank.CONSTITUTION
    if title.startswith(NATIONAL) and title.endswith("法") and not title.endswith("办法"):
        return LawRank.LAW
    return None


def _material(part: Reader) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: part.line(name)
        for name in ("name", "format", "carrier", "submission_method", "storage_requirement")
    }
    if not values["name"]:
        raise part.refuse("name", "申请材料没有名称。")
    values |= {
        "is_required": part.yes_or_no("is_required"),
        "copies": part.whole_number("copies"),
        "note": part.text("note"),
    }
    check_lengths(values, Material, MATERIALS)
    return values


def _service_form(part: Reader) -> dict[str, Any]:
    values: dict[str, Any] = {name: part.line(name) for name in ("form_no", "form_name", "brief_note")}
    values |= {name: part.text(name) for name in ("form_description", "filling_notes")}
    if not values["form_name"]:
        raise part.refuse("form_name", "服务表格没有名称。")
    check_lengths(values, ServiceForm, SERVICE_FORMS)
    return values


def _question(part: Reader) -> dict[str, Any]:
    question, answer = part.text("question"), part.text("answer")
    is_both = not answer and part.is_foreign("question")
    found = QUESTION_AND_ANSWER.match(question) if is_both else None
    if found:
        question, answer = found[1].strip(), found[2].strip()
    if not question:
        raise part.refuse("question", "常见问题没有写明问题。")
    values = {"question": question, "answer": answer}
    check_lengths(values, ItemQuestion, FAQ)
    return values


Read = Callable[[Reader], dict[str, Any]]
PARTS: Mapping[str, tuple[Fields, str, re.Pattern[str], Read]] = {
    "legal_basis": (LEGAL_BASIS, "citation", NEXT_BASIS, _legal_basis),
    "materials": (MATERIALS, "name", SEPARATOR, _material),
    "service_forms": (SERVICE_FORMS, "form_name", SEPARATOR, _service_form),
    "faq": (FAQ, "question", NEXT_QUESTION, _question),
}
