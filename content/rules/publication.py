"""What an edition must hold before anybody may read it (the elements of its check list first), and what no edition may hold."""

from collections.abc import Iterator
from datetime import date

from content.errors import Fault, IncompleteError
from content.models import DisclosureEdition, Edition, ItemCategory, ServiceEdition
from content.rules.attachments import attachment_faults
from content.rules.checklist import blocking_faults
from content.rules.contacts import declared_contacts
from content.rules.limits import check_promised_limit, read_limit
from content.rules.text import plain_text
from county.privacy import find_personal_data
from procedure.flow import FlowError, read_flow
from procedure.flow_rules import flow_faults

WITHDRAWAL_REASONS = {
    "error": "内容有误，更正后重新发布",
    "expired": "内容已经失效",
    "privacy": "涉及个人信息保护",
    "secrecy": "依法不予公开",
    "duplicate": "与其他信息重复",
    "cancelled": "事项取消或调整",
    "other": "其他原因",
}

RESULTS_BY_LAW = {ItemCategory.LICENCE, ItemCategory.APPROVAL, ItemCategory.PENALTY}
EARLIEST = date(1949, 10, 1)
LATEST = date(2100, 1, 1)


def check_saved_values(edition: Edition) -> None:
    """Refuse what may not even be kept as a draft: a promise over the law, a penalty one could apply for.

    Source: C-10, A-35.
    Raises: IncompleteError with every fault.
    """
    faults = list(_contradictions(edition))
    if faults:
        raise IncompleteError(faults)


def check_ready(edition: Edition) -> None:
    """Refuse an edition that lacks what its readers need.

    Source: A-02 … A-05, B-04, B-05, B-14, B-27, B-29, A-34, A-35, C-10.
    Raises: IncompleteError with every fault.
    """
    faults = faults_before_publication(edition)
    if faults:
        raise IncompleteError(faults)


def faults_before_publication(edition: Edition) -> list[Fault]:
    """Everything that keeps this edition from being submitted or published, each with its field and cure.

    Source: B-04 (seven elements), D-06 (the guide's fields), standards §1.3 (key elements of guides); standards §11
    (people must not be exposed by publicity lists).
    """
    faults = [*_contradictions(edition)]
    faults += _personal_data_faults(edition)
    faults += blocking_faults(edition)
    if isinstance(edition, ServiceEdition):
        faults += _flow_faults(edition)
    return faults


def _personal_data_faults(edition: Edition) -> Iterator[Fault]:
    """What would be kept back at publishing is said when it can still be mended."""
    contacts = declared_contacts(edition)
    for field, label in (("title", "标题"), ("summary", "内容概述"), ("body", "正文")):
        text = plain_text(edition.body_html) if field == "body" else getattr(edition, field)
        findings = find_personal_data(text or "", contacts)
        if findings:
            shown = "、".join(sorted({f"{finding.kind.label} {finding.masked}" for finding in findings})[:5])
            yield Fault(f"{label}中疑似含有个人信息（{shown}），请删除或遮挡后再送审。", field)
    yield from attachment_faults(edition, contacts)


def may_be_applied_for(edition: ServiceEdition) -> bool:
    """Whether the item has an online application entry.

    Source: A-35 (a penalty item has none).
    """
    return not edition.published_only and not _is_penalty(edition)


def results_are_public(edition: ServiceEdition) -> bool:
    """Whether the results of an item's closed cases are listed for everybody: as its editors say, else as the law does.

    Source: D-10c; 行政许可法 art. 40 (decisions that grant a licence are public); 政府信息公开条例 art. 20 (5) and (6).
    """
    if edition.results_published is None:
        return edition.item_category in RESULTS_BY_LAW
    return edition.results_published


def check_published_on(published_on: date, *, today: date) -> None:
    """Refuse a date of publication that is yet to come.

    Source: B-04 (the date of publication is one of the seven elements; it is when the public could read the text).
    Raises: Fault.
    """
    if published_on > today:
        raise Fault(f"发布日期 {published_on} 晚于今天，请改为今天或更早的日期。", "published_on")


def check_withdrawal(reason: str, note: str) -> None:
    """Refuse a withdrawal without a reason from the list; "other" needs words of its own.

    Source: B-05 (cancelling keeps a record).
    Raises: Fault.
    """
    if reason not in WITHDRAWAL_REASONS:
        raise Fault("请选择撤回原因。", "reason")
    if reason == "other" and not note.strip():
        raise Fault("选择“其他原因”时，请在说明中写明原因。", "note")


def _is_penalty(edition: ServiceEdition) -> bool:
    return edition.item_category is ItemCategory.PENALTY


def _contradictions(edition: Edition) -> Iterator[Fault]:
    if edition.expires_at is not None and not EARLIEST <= edition.expires_at.date() <= LATEST:
        yield Fault("到期撤下的时间不合理，请检查年份。", "expires_at")
    if isinstance(edition, DisclosureEdition):
        for field, label in (
            ("published_on", "发布日期"),
            ("produced_on", "生成日期"),
            ("effective_on", "生效日期"),
            ("opinions_until", "意见征集截止日期"),
        ):
            day = getattr(edition, field)
            if day is not None and not EARLIEST <= day <= LATEST:
                yield Fault(f"{label}不是合理的日期，请检查年份。", field)
    if not isinstance(edition, ServiceEdition):
        return
    try:
        check_promised_limit(read_limit(edition.promised_limit), read_limit(edition.legal_limit))
    except Fault as fault:
        yield fault
    try:
        read_flow(edition.flow or ())
    except FlowError as error:
        yield Fault(str(error), "flow")
    if _is_penalty(edition) and edition.online_handling_url:
        yield Fault("行政处罚事项不设网上申请入口，请删除在线办理链接。", "online_handling_url")
    if _is_penalty(edition) and edition.form:
        yield Fault("行政处罚事项不接受申请，请删除申请表单。", "form")


def _flow_faults(edition: ServiceEdition) -> list[Fault]:
    try:
        flow = read_flow(edition.flow or ())
    except FlowError:
        return []  # said among the contradictions
    return [Fault(reason, "flow") for reason in flow_faults(flow)]
