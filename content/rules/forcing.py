"""When a text may be published past its review (强制发布): a ground from the list, words, and somebody who did not write it."""

from content.errors import Fault
from county.privacy import find_personal_data

FORCE_GROUNDS = {
    "emergency": "及时公布突发事件信息和应对措施（突发事件应对法第七条）",
    "rumour": "澄清虚假或者不完整信息（政府信息公开条例第六条第二款）",
    "ordered": "主管部门督促整改（政府信息公开条例第四十七条）",
    "judgment": "行政复议决定或者法院判决责令限期公开（政府信息公开条例第五十一条）",
}
SHORTEST_FORCE_NOTE = 10  # characters


def check_force(ground: str, note: str) -> None:
    """Refuse to publish past a review without a legal ground from the list and the circumstances in words.

    Source: 突发事件应对法 art. 7; 政府信息公开条例 art. 6, 47, 51; decisions (forced publication only as its own recorded act).
    Raises: Fault naming the field.
    """
    if ground not in FORCE_GROUNDS:
        raise Fault("请选择强制发布的法律依据。", "force_ground")
    if len(note.strip()) < SHORTEST_FORCE_NOTE:
        raise Fault(
            f"请写明强制发布的理由，至少 {SHORTEST_FORCE_NOTE} 个字，例如何事、何人批准。", "force_note"
        )
    if find_personal_data(note):
        raise Fault("理由中疑似含有个人信息，请删除后再提交。", "force_note")
