"""When a file with personal data may be public all the same: a legal ground, and two people."""

from content.errors import Fault
from content.models import Attachment, Edition, FileRelease
from content.rules.attachments import findings_in
from content.rules.contacts import declared_contacts
from county.privacy import find_personal_data

RELEASE_GROUNDS = {
    "law": "法律、法规规定应当公开（个人信息保护法第十三条第一款第三项）",
    "consent": "已取得本人单独同意（个人信息保护法第二十五条）",
    "interest": "不公开会对公共利益造成重大影响（政府信息公开条例第十五条）",
    "open": "本人自行公开或已经合法公开（个人信息保护法第二十七条）",
    "office": "工作人员履行职务的办公联系方式",
}
SHORTEST_NOTE = 5  # characters


def check_release(file: Attachment | None, edition: Edition, ground: str, note: str) -> None:
    """Refuse to ask for the release of a file in which nothing was found, without a ground from the list or a reason.

    Source: 个人信息保护法 art. 13, 25, 27; 政府信息公开条例 art. 15.
    Raises: Fault.
    """
    if file is None or not findings_in(file, declared_contacts(edition)):
        raise Fault("请选择要放行的附件；没有发现个人信息的附件不必放行。", "release_file")
    if ground not in RELEASE_GROUNDS:
        raise Fault("请选择放行的法律依据。", "ground")
    if len(note.strip()) < SHORTEST_NOTE:
        raise Fault("请写明放行的理由，例如依据的文件和条款、同意书的存放处。", "release_note")
    if find_personal_data(note):
        raise Fault("理由中疑似含有个人信息，请删除后再提交。", "release_note")


def releases_pending(edition: Edition) -> list[tuple[Attachment, FileRelease]]:
    """Attachments whose release was asked for and not granted yet.

    Source: decisions (an override takes a second person and a legal ground).
    """
    asked = [(file, file.release_in(edition.document.file_releases)) for file in edition.attachments]
    contacts = declared_contacts(edition)
    return [
        (file, release)
        for file, release in asked
        if release is not None and release.granted_at is None and findings_in(file, contacts)
    ]


def check_releases(edition: Edition, *, granted: bool = False) -> None:
    """Refuse while a release that was asked for is not granted.

    Source: decisions (an override takes a second person and a legal ground).
    Raises: Fault naming the files.
    """
    pending = releases_pending(edition)
    if pending and not granted:
        names = "、".join(f"“{file.display_name}”" for file, _release in pending[:5])
        raise Fault(
            f"附件{names}含有个人信息，编辑申请依法放行：请核对依据，同意的请勾选，不同意的请退回。",
            "releases_granted",
        )
