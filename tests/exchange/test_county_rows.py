"""Import of regions, organs, channels, the calendar and questions."""

from datetime import date

import pytest

from content.models import Channel, ChannelKind, Question, QuestionState
from content.operations import save_question
from content.queries import channel_by_code
from county.calendar import CalendarDay, load_calendar
from county.organs import Organ, OrganKind, organ_by_code_or_name
from county.regions import RegionLevel, region_by_code
from database import db
from tests.exchange.conftest import counts
from tests.people import NOON


def test_a_region_may_stand_before_its_parent(take):
    rows = [
        {"行政区划代码": "990123101200", "名称": "古渡村", "上级": "990123101"},
        {"code": "990123101", "name": "临水镇", "parent": "990123", "level": "township"},
    ]

    first, second = take("regions", rows), take("regions", rows)

    village = region_by_code("990123101200")
    assert (counts(first), counts(second)) == ((2, 0, 0, 0), (0, 0, 2, 0))
    assert village is not None
    assert village.parent is not None
    assert (village.level, village.parent.name) == (RegionLevel.VILLAGE, "临水镇")


def test_a_parent_that_never_comes_is_a_refusal(take):
    report = take("regions", [{"code": "990123102", "name": "甲镇", "parent": "990199"}])

    assert (report.refused[0]["line"], report.refused[0]["field"]) == (1, "parent")


@pytest.mark.parametrize("code", ["99012", "99012x", "", "９９０１２３"])
def test_a_division_code_has_its_digits(take, code):
    assert take("regions", [{"code": code, "name": "甲"}]).refused[0]["field"] == "code"


def test_organs_come_with_their_place_and_contacts(take):
    row = {
        "机构代码": "990123-SL", "名称": "青崖县供销社", "上级": "GOV", "类型": "事业单位", "region": "990123",
        "uscc": "119901230196136169", "letters": "GX", "serial3": "021", "phone": "0990-1", "office_hours": "9-17",
    }  # fmt: skip

    take("organs", [row])
    again = take("organs", [row | {"phone": "0990-2"}])

    organ = organ_by_code_or_name("990123-SL")
    assert organ is not None
    assert counts(again) == (0, 1, 0, 0)
    assert (organ.kind, organ.subject_code, organ.phone) == (OrganKind.INSTITUTION, "021", "0990-2")
    assert organ.parent is not None
    assert organ.parent.code == "GOV"


def test_an_organ_is_known_by_its_id_or_by_its_name(take):
    take("organs", [{"id": "x-1", "name": "甲局"}])

    assert counts(take("organs", [{"id": "x-1", "name": "甲局"}, {"name": "民政局", "phone": "1"}])) == (
        0,
        1,
        1,
        0,
    )
    assert take("organs", [{"name": "查无此局"}]).refused[0]["field"] == "code"


def test_an_organ_cannot_stand_above_itself(take):
    report = take("organs", [{"code": "GOV", "name": "青崖县人民政府", "parent": "MZ"}])

    assert report.refused[0]["field"] == "parent"
    government = organ_by_code_or_name("GOV")
    assert government is not None
    assert government.parent is None


def test_channels_keep_their_order_and_inherit_their_kind(take):
    rows = [
        {"code": "tzgg", "name": "通知公告", "parent": "政府信息公开", "更新期限": 30},
        {"code": "tzgg-a", "name": "公告", "parent": "tzgg"},
        {"code": "tzgg-b", "name": "通告", "parent": "tzgg"},
    ]

    first, second = take("channels", rows), take("channels", rows)

    assert (counts(first), counts(second)) == ((3, 0, 0, 0), (0, 0, 3, 0))
    channel = channel_by_code("tzgg-b")
    assert channel is not None
    assert (channel.kind, channel.position) == (ChannelKind.DISCLOSURE, 1)


def test_a_channels_code_is_fit_for_addresses(take):
    report = take(
        "channels", [{"code": "../x", "name": "甲", "kind": "disclosure"}, {"code": "x", "name": "乙"}]
    )

    assert [refused["field"] for refused in report.refused] == ["code", "kind"]
    assert db.session.query(Channel).filter_by(name="甲").count() == 0


def test_the_calendar_is_known_by_its_days(take):
    rows = [
        {"日期": "2026-10-01", "是否上班": "否", "名称": "国庆节"},
        {
            "date": "2026-10-10",
            "is_working": True,
            "name": "国庆节调休上班",
            "source": "国办发明电〔2025〕7号",
        },
    ]

    take("calendar", rows)
    again = take("calendar", [*rows, {"日期": "2026-10-02", "是否上班": "也许"}, {"日期": "2026-10-02"}])

    assert counts(again) == (0, 0, 2, 2)
    assert load_calendar().is_working(date(2026, 10, 10))
    assert db.session.get_one(CalendarDay, date(2026, 10, 1)).name == "国庆节"


QUESTION = {
    "id": "wd-1", "问": "打深水井要办手续吗？", "答": "要办理取水许可。", "答复部门": "水利局",
    "日期": "2018-01-16", "相关事项": "取水许可", "渠道": "在线访谈",
}  # fmt: skip


def the_question() -> Question:
    return db.session.scalars(db.select(Question)).one()


def test_a_question_goes_in_with_its_answer(take, people):
    report = take("questions", [QUESTION], state="published")
    again = take("questions", [QUESTION], state="published")

    question = the_question()
    assert (counts(report), counts(again)) == ((1, 0, 0, 0), (0, 0, 1, 0))
    assert (question.state, question.answered_on) == (QuestionState.PUBLISHED, date(2018, 1, 16))
    assert (question.organ, question.document) == (people.other_organ, None)
    assert question.extra == {"相关事项": "取水许可", "渠道": "在线访谈"}


def test_a_question_without_an_answer_waits(take):
    report = take("questions", [QUESTION | {"答": None}], state="published")

    assert [gap["field"] for gap in report.gaps] == ["answer"]
    assert the_question().state is QuestionState.DRAFT


def test_a_question_is_tied_to_the_item_it_names(take):
    take("services", [{"id": "s1", "事项编码": "SL1", "事项名称": "取水许可", "办理主体": "水利局"}])

    take("questions", [QUESTION])
    by_code = take("questions", [QUESTION | {"事项编码": "SL1"}])

    assert counts(by_code) == (0, 0, 1, 0)
    assert the_question().document is not None
    assert take("questions", [QUESTION | {"id": "2", "事项编码": "SL9"}]).refused[0]["field"] == "item_code"


def test_an_answer_an_officer_changed_is_not_overwritten(take, people):
    take("questions", [QUESTION])
    save_question(the_question(), {"answer": "改过的答复"}, publish=False, by=people.ai.id, at=NOON)
    db.session.commit()

    assert counts(take("questions", [QUESTION])) == (0, 0, 0, 1)
    assert the_question().answer == "改过的答复"


def test_half_a_date_is_refused(take):
    assert take("questions", [QUESTION | {"日期": "2011-09"}]).refused[0]["field"] == "answered_on"


def test_two_organs_of_one_name_have_to_be_told_apart(take):
    db.session.add_all([Organ(code="A", name="水务所"), Organ(code="B", name="水务所")])
    db.session.commit()

    report = take("questions", [QUESTION | {"答复部门": "水务所"}], create_missing=True)

    assert "不止一个" in report.refused[0]["reason"]
