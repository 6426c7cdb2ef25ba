"""Slips of the pen in live texts: small, without weight, confirmed by a second person, public at once, on record."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content import operations, rules
from content.errors import CorrectionOverError, Fault, SelfReviewError, WrongStateError
from content.models import CorrectionState, DocumentKind, EditionState
from county.ledger import Act, Errand
from database import db
from tests.people import NOON, make_edition, make_service

BODY = "自2026年3月1日起，二路公交车延申至客运站，票价2元，由县交通局负责解释。\n\n咨询电话0990-6120012，详见 https://example.gov.cn/a 。"
KIND = DocumentKind.DISCLOSURE


def changes(old: str, new: str):
    return rules.correction_of(KIND, {"body": old}, {"body": new})


def asked(people, edition, old: str, new: str, by=None):
    body = edition.body.replace(old, new)
    return operations.ask_correction(
        edition, {"body": body}, reason="错别字", by=(by or people.ai).id, at=NOON
    )


def test_a_slip_is_corrected_by_two_people_and_live_at_once(people):
    live = make_edition(people, EditionState.PUBLISHED, body=BODY)
    db.session.execute(db.delete(Errand))
    row = asked(people, live, "延申", "延伸")
    assert live.state is EditionState.PUBLISHED

    corrected = operations.confirm_correction(row, by=people.bao.id, at=NOON)

    assert (live.state, corrected.state) == (EditionState.SUPERSEDED, EditionState.PUBLISHED)
    assert "延伸至客运站" in corrected.body_html
    assert (corrected.author_id, corrected.reviewer_id) == (people.ai.id, people.bao.id)
    assert (corrected.document.number, corrected.published_on) == (live.document.number, live.published_on)
    act = db.session.scalars(db.select(Act).where(Act.verb == "correct")).one()
    assert act.actor_id == people.bao.id
    assert act.details["difference"] == ["起，二路公交车延【申→伸】至客运站，票价2"]
    assert act.details["asked_by"] == people.ai.id
    assert [errand.kind for errand in db.session.scalars(db.select(Errand))] == ["publish_document"]


@pytest.mark.parametrize(
    ("old", "new"),
    [("3月1日", "3月2日"), ("2元", "3元"), ("票价2元", "票价2角"), ("2026年", "2027年"), ("0990-6120012", "0990-6120013"),
     ("gov.cn/a", "gov.cn/b"), ("负责解释", "不负责解释"), ("延申至", "应当延伸至"), ("\n\n", ""), ("县交通局", "**县交通局**"),
     ("自2026年3月1日起，", ""), ("二路公交车延申至客运站", "三路公交车和四路公交车延伸至火车站")],
)  # fmt: skip
def test_what_counts_in_a_text_is_no_slip(old, new):
    """Numbers, dates, amounts, addresses, words that turn the meaning, layout, and whatever is long."""
    assert old in BODY
    with pytest.raises(Fault) as refusal:
        changes(BODY, BODY.replace(old, new))
    assert refusal.value.field == "body"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("三个月", "二个月"),
        ("第五条", "第六条"),
        ("百分之五", "百分之六"),
        ("壹佰元", "贰佰元"),
        ("以上", "以下"),
        ("可以", "必须"),
    ],
)
def test_numbers_written_in_characters_are_numbers_too(old, new):
    text = f"依照规定{old}的，由民政局办理。"

    with pytest.raises(Fault):
        changes(text, text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("统一", "同一"),
        ("通迅", "通讯"),
        ("，由", "，并由"),
        ("负责负责", "负责"),
        ("：", "；"),
        ("座谈会议", "座谈会"),
    ],
)
def test_wrong_missing_and_doubled_characters_are_slips(old, new):
    text = f"本通知{old}印发各单位，请遵照办理。"

    [change] = changes(text, text.replace(old, new))
    assert change["gone"] + change["new"]


def test_a_correction_has_few_places_and_few_characters():
    text = "。".join(f"句子{letter}有错字" for letter in "甲乙丙丁戊己") + "。"

    assert len(changes(text, text.replace("错", "措", 5))) == 5
    with pytest.raises(Fault, match="最多 5 处"):
        changes(text, text.replace("错", "措"))
    with pytest.raises(Fault, match="超过 10 个字"):
        changes("甲乙丙丁。", "甲乙丙丁，子丑寅卯辰巳午申酉戌亥牛。")
    with pytest.raises(Fault, match="没有任何改动"):
        changes(text, text)


def test_titles_and_other_fields_are_not_corrected_this_way(people):
    live = make_edition(people, EditionState.PUBLISHED)

    with pytest.raises(Fault):
        operations.ask_correction(live, {"title": "另一个标题"}, reason="错字", by=people.ai.id, at=NOON)
    with pytest.raises(Fault):
        operations.ask_correction(live, {"body": live.body + "啊"}, reason=" ", by=people.ai.id, at=NOON)


def test_who_asked_does_not_confirm(people):
    row = asked(
        people, make_edition(people, EditionState.PUBLISHED, body=BODY), "延申", "延伸", by=people.bao
    )

    with pytest.raises(SelfReviewError):
        operations.confirm_correction(row, by=people.bao.id, at=NOON)


def test_a_correction_is_dealt_with_once(people):
    row = asked(people, make_edition(people, EditionState.PUBLISHED, body=BODY), "延申", "延伸")
    operations.confirm_correction(row, by=people.bao.id, at=NOON)

    for again in (operations.confirm_correction, operations.decline_correction):
        with pytest.raises(CorrectionOverError):
            again(row, by=people.pei.id, at=NOON)


def test_a_declined_correction_leaves_the_text_and_frees_the_place(people):
    live = make_edition(people, EditionState.PUBLISHED, body=BODY)
    row = asked(people, live, "延申", "延伸")
    with pytest.raises(Fault):
        asked(people, live, "客运站", "客运栈")

    operations.decline_correction(row, by=people.bao.id, at=NOON)

    assert (row.state, live.state) == (CorrectionState.DECLINED, EditionState.PUBLISHED)
    assert asked(people, live, "延申", "延伸").state is CorrectionState.ASKED


@pytest.mark.parametrize("when", ["asked", "confirmed"])
def test_beside_a_newer_text_on_its_way_nothing_is_corrected(people, when):
    live = make_edition(people, EditionState.PUBLISHED, body=BODY)
    if when == "asked":
        operations.revise(live.document, by=people.ai.id, at=NOON)
        with pytest.raises(Fault, match="新稿"):
            asked(people, live, "延申", "延伸")
    else:
        row = asked(people, live, "延申", "延伸")
        operations.revise(live.document, by=people.ai.id, at=NOON)
        with pytest.raises(WrongStateError):
            operations.confirm_correction(row, by=people.bao.id, at=NOON)
        db.session.rollback()


def test_a_text_withdrawn_meanwhile_does_not_come_back(people):
    live = make_edition(people, EditionState.PUBLISHED, body=BODY)
    row = asked(people, live, "延申", "延伸")
    operations.withdraw(live, reason="error", by=people.pei.id, at=NOON)

    with pytest.raises(WrongStateError):
        operations.confirm_correction(row, by=people.bao.id, at=NOON)


def test_the_words_of_a_guide_are_corrected_with_its_parts_kept(people):
    live = make_service(people, EditionState.PUBLISHED)
    new = live.acceptance_conditions.replace("取得", "领取")

    row = operations.ask_correction(
        live, {"acceptance_conditions": new}, reason="用词", by=people.ai.id, at=NOON
    )
    corrected = operations.confirm_correction(row, by=people.bao.id, at=NOON)

    assert corrected.acceptance_conditions == new
    assert [one.name for one in corrected.materials] == [one.name for one in live.materials]


@settings(max_examples=200, deadline=None)
@given(
    old=st.text("公交车延申至客运站不应当三月2元。，\n#", max_size=40),
    new=st.text("公交车延伸至客运站不应当三月2元。，\n#", max_size=40),
)
def test_whatever_is_typed_a_correction_never_touches_a_digit_a_line_or_a_negation(old, new):
    try:
        places = changes(old, new)
    except Fault:
        return
    assert 0 < len(places) <= 5
    for mark in "2\n#不":
        assert old.count(mark) == new.count(mark)
