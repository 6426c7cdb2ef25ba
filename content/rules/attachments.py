"""What an attachment may not hold when it goes public, and which parts of it a person has to look at."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from content.errors import Fault
from content.models import Attachment, Edition, FileRelease
from county.privacy import find_personal_data, marks_of_contacts

MOST_NAMED = 5
FIELD = "attachments"


def attachment_faults(edition: Edition, contacts: Collection[str]) -> Iterator[Fault]:
    """Each attachment that may not go public, with what was found in it, where, and the cure.

    `contacts` are texts with the declared contacts of offices, whose numbers are exempt.
    Source: 个人信息保护法 art. 28, 51; 政府信息公开条例 art. 15; A-09.
    """
    for file in edition.attachments:
        if findings := find_personal_data(file.display_name, contacts):
            yield Fault(
                f"附件“{_masked_name(file.display_name, contacts)}”的文件名中疑似含有个人信息"
                f"（{findings[0].kind.label} {findings[0].masked}），请改名后再送审。",
                FIELD,
            )
        if reason := _fault_within(file, contacts, file.release_in(edition.document.file_releases)):
            yield Fault(f"附件“{_masked_name(file.display_name, contacts)}”{reason}", FIELD)


def findings_in(file: Attachment, contacts: Iterable[str]) -> list[dict[str, Any]]:
    """The findings in a searched file that are no contacts of offices.

    Source: decisions (contacts of offices are exempt).
    """
    if file.search is None:
        return []
    exempt = marks_of_contacts(contacts, file.sha256)
    return [finding for finding in file.search.findings if finding["mark"] not in exempt]


def unread_parts(edition: Edition) -> list[tuple[str, list[str]]]:
    """Attachments with parts in which no text can be searched, such as scans: the name, and the places.

    Source: decisions (a scanned document is flagged and a second person releases it).
    """
    return [
        (file.display_name, file.search.unread)
        for file in edition.attachments
        if file.search is not None and file.search.unread
    ]


def check_unread_parts(edition: Edition, *, seen: bool) -> None:
    """Refuse an approval by somebody who has not looked at what no search can read.

    Source: decisions (a scanned document is flagged and a second person releases it).
    Raises: Fault naming the files.
    """
    parts = unread_parts(edition)
    if parts and not seen:
        names = "、".join(f"“{name}”" for name, _places in parts[:MOST_NAMED])
        raise Fault(
            f"附件{names}含有无法检索的扫描件或图片，请逐页查看，确认没有个人信息后勾选。", "scans_seen"
        )


def _fault_within(file: Attachment, contacts: Collection[str], release: FileRelease | None) -> str:
    if file.search is None:
        return "还没有检查过是否含有个人信息，请打开稿件重新保存；仍不行的，请重新上传。"
    if file.search.refusal:
        return f"不能发布：{file.search.refusal}。"
    findings = findings_in(file, contacts)
    if not findings or release is not None:  # whether it is granted is asked of whoever approves or publishes
        return ""
    shown = "；".join(_said(finding) for finding in findings[:MOST_NAMED])
    count = len(findings) + file.search.more
    rest = f"等{count}处" if count > MOST_NAMED else ""
    return f"疑似含有个人信息（{shown}{rest}），请在原文件中删除或遮挡，另存后重新上传；依法应当公开的，可以申请放行。"


def _said(finding: dict[str, Any]) -> str:
    return f"{finding['place']}：{finding['label']} {finding['masked']}"


def _masked_name(name: str, contacts: Collection[str]) -> str:
    for finding in reversed(find_personal_data(name, contacts)):
        name = name[: finding.start] + finding.masked + name[finding.end :]
    return name
