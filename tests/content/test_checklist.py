"""The check lists: each row fires on its fault and not on the clean text; the points; what is kept is what would be counted."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import operations, rules
from content.models import Attachment, Document, DocumentKind, EditionState, ItemCategory, SubjectNature
from content.models import HandlingType as Handling
from content.operations.writing import editable_fields
from county.errors import RefusedError
from database import db
from tests.people import NOON, make_edition, make_service

WHOLE_GUIDE = {
    "item_content": "向城镇排水管网排放污水的许可。",
    "handling_type": Handling.PROMISED,
    "subject_nature": SubjectNature.STATUTORY,
    "office_hours": "工作日9:00—12:00，14:00—17:00",
    "result_name": "排水许可证",
    "legal_basis": [{"citation": "《城镇排水与污水处理条例》", "clause": "第二十一条", "wording": "应当申请领取。"}],
    "materials": [
        {"name": "排水许可申请表", "format": "原件", "carrier": "纸质", "submission_method": "窗口", "is_required": True}
    ],
    "service_forms": [{"form_no": "PS-01", "form_name": "排水许可申请表"}],
    "flow": [
        {"name": "受理", "post": "窗口岗", "duty": "核对材料是否齐全，当场出具受理通知书", "limit_days": 1},
        {"name": "决定", "post": "审批岗", "duty": "作出准予或者不予许可的决定", "limit": "6个工作日"},
    ],
    "faq": [{"question": "雨天能办吗？", "answer": "能。"}],
}  # fmt: skip
WHOLE_NOTICE = {
    "title": "青崖县公交线路管理办法",
    "body": "二路公交车自下月起延伸至客运站。",
    "summary": "二路公交车延伸至客运站。",
    "produced_on": date(2026, 11, 2),
    "published_on": date(2026, 11, 3),
    "subject": "交通",
    "genre": "办法",
    "document_no": "青政发〔2026〕3号",
}
GUIDE_FAULTS = {
    "conditions": {"acceptance_conditions": " "},
    "place": {"handling_place": ""},
    "phone": {"contact_phone": ""},
    "department": {"handling_department": ""},
    "limit": {"promised_limit": "", "legal_limit": ""},
    "charge": {"is_charged": None},
    "fee": {"is_charged": True, "fee_basis_and_standard": ""},
    "clear-flow": {"item_category": ItemCategory.CONVENIENCE, "flow": []},
    "discretion-scope": {"item_category": ItemCategory.PENALTY, "discretion": {"kinds": "罚款", "degrees": [1]}},
    "discretion-kinds": {"item_category": ItemCategory.PENALTY, "discretion": {"scope": "占道", "degrees": [1]}},
    "discretion-degrees": {"item_category": ItemCategory.PENALTY, "discretion": {"scope": "占道", "kinds": "罚款"}},
    "category": {"item_category": None},
    "basis": {"legal_basis": []},
    "subject": {"handling_subject": ""},
    "entrusting-unit": {"subject_nature": SubjectNature.ENTRUSTED},
    "supervision-phone": {"supervision_phone": ""},
    "online-address": {"online_handling_url": "javascript:alert(1)"},
    "materials": {"materials": []},
    "no-other-materials": {"materials": [{"name": "法律、法规规定的其他材料"}]},
    "materials-described": {"materials": [{"name": "营业执照", "format": "原件", "is_required": True}]},
    "materials-required": {
        "materials": [{"name": "营业执照", "format": "原件", "carrier": "纸质", "submission_method": "窗口"}]
    },
    "forms": {"service_forms": []},
    "form-files": {},
    "samples": {},
    "flow": {"flow": []},
    "steps-as-actions": {"flow": [{"name": "受理", "post": "窗口岗", "limit_days": 1}]},
    "steps-with-post": {"flow": [{"name": "受理", "duty": "核对材料是否齐全", "limit_days": 1}]},
    "steps-with-limit": {"flow": [{"name": "受理", "post": "窗口岗", "duty": "核对材料是否齐全"}]},
    "basis-article": {"legal_basis": [{"citation": "《城镇排水与污水处理条例》", "wording": "应当申请领取。"}]},
    "basis-wording": {"legal_basis": [{"citation": "《城镇排水与污水处理条例》第二十一条"}]},
    "legal-limit": {"legal_limit": ""},
    "promised-limit": {"promised_limit": ""},
    "limit-read": {"promised_limit": "尽快办结"},
    "fee-basis": {"is_charged": True, "fee_basis_and_standard": "每证5元"},
    "window": {"handling_place": "本单位"},
    "hours": {"office_hours": ""},
    "phone-to-dial": {"contact_phone": "见公告"},
    "conditions-definite": {"acceptance_conditions": "法律、法规规定的其他条件"},
    "content": {"item_content": ""},
    "subject-nature": {"subject_nature": None},
    "handling-type": {"handling_type": None},
    "result": {"result_name": ""},
    "questions": {"faq": []},
    "answers": {"faq": [{"question": "雨天能办吗？"}]},
}  # fmt: skip
NOTICE_FAULTS = {
    "opinions-until": {"opinions_until": date(2026, 11, 2)},
    "channel": {},
    "text": {"body": ""},
    "title-says-what": {"title": "通知"},
    "summary": {"summary": ""},
    "produced-on": {"produced_on": None},
    "subject": {"subject": ""},
    "genre": {"genre": ""},
    "document-no": {"document_no": ""},
    "text-says-something": {"body": "详见附件。"},
    "file-names": {},
}
UNFINISHED = {"form-files", "samples"}  # a form without its files, as values alone can make it


def missing(edition):
    return {gap.rule.key for gap in rules.gaps_in(edition) if gap.message}


def keys(kind):
    return [rule.key for rule in rules.check_list(kind)]


@pytest.mark.parametrize("kind", DocumentKind, ids=lambda kind: kind.value)
@pytest.mark.row("F-17", "G-13")
def test_the_points_of_a_check_list_add_up_to_a_hundred_and_each_row_says_where_it_comes_from(kind):
    rows = rules.check_list(kind)

    assert sum(rule.points for rule in rows) == 100
    assert len({rule.key for rule in rows}) == len(rows)
    assert all(rule.source and rule.message and rule.points > 0 for rule in rows)
    assert {rule.within for rule in rows} - {""} <= {rule.key for rule in rows}
    assert {rule.field for rule in rows} <= editable_fields(kind) | {"channel", "attachments"}


@pytest.mark.parametrize("key", keys(DocumentKind.SERVICE))
@pytest.mark.row("F-17")
def test_a_row_of_the_guides_list_finds_its_fault_and_leaves_a_whole_guide_alone(people, key):
    whole = make_service(people, **WHOLE_GUIDE)
    faulty = make_service(people, **(WHOLE_GUIDE | GUIDE_FAULTS[key]))

    assert missing(whole) == UNFINISHED
    assert key in missing(faulty)


@pytest.mark.parametrize("key", keys(DocumentKind.DISCLOSURE))
@pytest.mark.row("F-17", "G-13")
def test_a_row_of_the_disclosures_list_finds_its_fault_and_leaves_a_whole_text_alone(people, key):
    whole = make_edition(people, **WHOLE_NOTICE)
    faulty = make_edition(people, **(WHOLE_NOTICE | NOTICE_FAULTS[key]))
    if key == "channel":
        operations.file_document(faulty.document, organ=people.organ, channel=None, by=None, at=NOON)
    if key == "file-names":
        _attach(faulty, "附件1.docx")
        _attach(whole, "青崖县公交线路一览表.docx")

    assert missing(whole) == set()
    assert missing(faulty) == {key}


def _attach(edition, name):
    edition.attachments.append(Attachment(display_name=name, sha256="0" * 64, suffix=".docx", size_bytes=1))
    db.session.flush()


def test_a_part_of_what_is_missing_costs_its_points_and_is_not_said_again(people):
    gaps = rules.gaps_in(make_service(people, **WHOLE_GUIDE | {"materials": []}))

    assert [gap.rule.key for gap in gaps if gap.message and gap.rule.field == "materials"] == ["materials"]
    assert {gap.rule.key for gap in gaps} >= {"materials", "no-other-materials", "materials-described"}


def test_what_blocks_is_what_keeps_a_guide_from_being_submitted(people):
    edition = make_service(people, **WHOLE_GUIDE | {"contact_phone": "", "faq": [], "handling_place": ""})

    fields = {fault.field for fault in rules.faults_before_publication(edition)}

    assert fields == {"contact_phone", "handling_place"}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(broken=st.sets(st.sampled_from(sorted(set(GUIDE_FAULTS) - {"clear-flow"})), min_size=1, max_size=6))
def test_mending_a_fault_never_costs_points(people, broken):
    penal = {"item_category", "discretion"}
    faults = [key for key in sorted(broken) if not penal & GUIDE_FAULTS[key].keys()]
    scores = []
    for still in range(len(faults), -1, -1):
        values = dict(WHOLE_GUIDE)
        for key in faults[:still]:
            values |= GUIDE_FAULTS[key]
        scores.append(rules.score_of(rules.gaps_in(make_service(people, **values))))
        db.session.rollback()

    assert all(0 <= score <= 100 for score in scores)
    assert scores[-1] == 94


ACTS = (
    "save",
    "mend",
    "submit",
    "return",
    "approve",
    "publish",
    "withdraw",
    "revise",
    "discard",
    "move",
    "confirm",
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.sampled_from(ACTS), max_size=14), kind=st.sampled_from(DocumentKind))
@pytest.mark.row("A-25")
def test_what_is_kept_of_a_document_is_what_would_be_counted_after_any_acts(people, acts, kind):
    make = make_service if kind is DocumentKind.SERVICE else make_edition
    edition = make(people)
    document = edition.document
    for act in acts:
        try:
            with db.session.begin_nested():
                _do(act, people, document)
        except RefusedError:
            continue
    kept = _standing(document)
    operations.count_standing()

    assert _standing(document) == kept
    db.session.rollback()


def _do(act, people, document):
    ai, bao, pei = people.ai.id, people.bao.id, people.pei.id
    newest = document.editions[-1]
    match act:
        case "save":
            operations.save_draft(newest, {"title": newest.title + "改", "summary": ""}, by=ai, at=NOON)
        case "mend":
            operations.save_draft(newest, {"summary": "概述", "title": "公交调整"}, by=ai, at=NOON)
        case "submit":
            operations.submit(newest, by=ai, at=NOON)
        case "return":
            operations.send_back(newest, "请补充", by=bao, at=NOON)
        case "approve":
            operations.approve(newest, by=bao, at=NOON, secrecy_reviewed=True)
        case "publish":
            operations.publish(newest, by=pei, at=NOON)
        case "withdraw":
            live = [one for one in document.editions if one.state is EditionState.PUBLISHED]
            operations.withdraw((live or [newest])[0], reason="error", by=pei, at=NOON)
        case "revise":
            operations.revise(document, by=ai, at=NOON)
        case "discard":
            operations.discard(newest, by=ai, at=NOON)
        case "move":
            operations.file_document(
                document, organ=people.other_organ, channel=people.channel, by=ai, at=NOON
            )
        case "confirm":
            operations.confirm(document, by=ai, at=NOON)


def _standing(document: Document):
    return (
        document.title, document.score, document.gaps, document.live_on, document.was_late, document.confirmed_on,
    )  # fmt: skip
