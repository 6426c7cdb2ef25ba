"""A county whose names and texts put a layout to the test: very long, unbroken, wide, of other scripts, none, one, two thousand."""

from dataclasses import dataclass
from typing import Any

from content.models import DisclosureEdition, Document, Edition, ItemCategory
from county.organs import Organ
from database import db
from tests.publisher.conftest import GUIDE, SmallCounty

LONG = "关于" + "进一步加强和改进" * 24 + "工作的通知"
CODE = "9901230001" * 20
TIBETAN = "རྫོང་མི་དམངས་སྲིད་གཞུང་གི་གཞུང་ལས་ཁང་།"
UYGHUR = "ناھىيەلىك خەلق ھۆكۈمىتى (ئىشخانا)"
LONG_ORGAN = "青崖县农业农村和乡村振兴暨易地扶贫搬迁后续扶持工作领导小组办公室（县水库移民服务中心）"
WIDE = "\n".join(
    ("| " + " | ".join(f"第{n}列的名称" for n in range(12)) + " |", "|---" * 12 + "|", "| 较长的内容12,345.67 " * 12 + "|")
)  # fmt: skip
MANY = 2000


@dataclass
class Hard:
    """Where on the site the hard pages are."""

    document: str
    empty_document: str
    uyghur: str
    service: str
    question: str


def furnish(county: SmallCounty) -> Hard:
    """Make it: one of everything hard, and a channel with as many entries as `MANY`."""
    organ = Organ(
        code="990123-YD", name=LONG_ORGAN, short_name=LONG_ORGAN[:20], letters="YD", subject_code="021",
        uscc="11990123010523651X", region=county.site.region, phone="0990-4620030",
        address="青崖县" + "城关镇北街" * 12 + "12号",
    )  # fmt: skip
    other = Organ(
        code="990123-WY", name=UYGHUR, short_name=UYGHUR[:17], letters="WY", subject_code="022",
        uscc="11990123010523652X", region=county.site.region, phone="0990-4620040",
    )  # fmt: skip
    db.session.add_all([organ, other])
    _many(county)
    bare = county.disclosure("只有标题的通知", channel="xzxx", body="见标题。", organ=county.township)
    uyghur = county.disclosure(
        UYGHUR, channel="szjs", organ=other, body=f"{UYGHUR}\n\n{TIBETAN}", summary=TIBETAN
    )
    document = county.disclosure(
        LONG[:200], organ=organ, document_no="青农" + "A" * 80, summary=LONG + CODE, files={f"{LONG[:80]}.pdf": b"%PDF-1.4"},
        body=f"## {LONG}\n\n{CODE}\n\n{WIDE}\n\n```\n{CODE}\n```\n\n#### {TIBETAN}\n\n{TIBETAN * 9}\n\n- {CODE}\n\n> {UYGHUR}",
    )  # fmt: skip
    service = county.service(LONG[2:202], organ=organ, base=_guide())
    county.service(UYGHUR, organ=other)
    question = county.question(
        f"{LONG}{CODE}？", f"{CODE}\n{UYGHUR}\n{TIBETAN}", document=service.document, organ=organ
    )
    return Hard(
        f"/xxgk/{document.document_id}/", f"/xxgk/{bare.document_id}/", f"/xxgk/{uyghur.document_id}/",
        f"/zwfw/{service.document_id}/", f"/hudong/{question}/",
    )  # fmt: skip


def _many(county: SmallCounty) -> None:
    """A full channel: a disclosure, and its rows again and again, as two thousand by hand would take half a minute."""
    first = county.disclosure("第1号工作动态", channel="ghjh")
    assert first.id == first.document_id == 1
    for table in (Document.__table__, Edition.__table__, DisclosureEdition.__table__):
        row = dict(db.session.execute(db.select(table)).mappings().one())
        copies = [{**row, **_own(row, number)} for number in range(2, MANY + 1)]
        db.session.execute(db.insert(table), copies)
    db.session.commit()


def _own(row: dict[str, Any], number: int) -> dict[str, Any]:
    """What is another in each copy of a row."""
    own = {"id": number, "document_id": number, "number": f"HJ-{number}", "title": f"第{number}号工作动态"}
    return {name: value for name, value in own.items() if name in row}


def _guide() -> dict[str, object]:
    material = {"name": LONG[:100], "is_required": True, "copies": 3, "format": "原件及复印件各一份加盖公章", "carrier": "纸质或者电子",
                "submission_method": "窗口提交、邮寄或者网上上传", "note": CODE, "storage": UYGHUR}  # fmt: skip
    return {
        **GUIDE,
        "item_category": ItemCategory.LICENCE,
        "item_content": LONG,
        "handling_place": "县政务服务中心" + "二楼东侧大厅" * 12,
        "acceptance_conditions": f"{CODE}\n{LONG}\n{TIBETAN}",
        "materials": [material, {**material, "name": CODE}],
        "flow": [
            {"name": LONG[:60], "post": LONG[:60], "limit_days": 1},
            {"name": TIBETAN},
            {"name": UYGHUR},
        ],
        "excluded_steps": [{"name": CODE[:60], "explanation": LONG, "days": 10}],
        "legal_basis": [{"citation": f"《{LONG[:120]}》", "clause": "第三十五条", "wording": LONG + CODE}],
        "faq": [{"question": LONG, "answer": CODE}],
    }
