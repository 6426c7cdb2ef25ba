"""Looking up: D-09b, D-10a, D-10b; nothing for who guesses; nothing personal in addresses, logs or files."""

import logging
from datetime import UTC, date, datetime

import pytest

from cases import operations
from cases.models import Application, ApplicationState, CaseOutcome, LookUpAttempt
from cases.queries import inbox
from cases.rules import APPLICATION_PREFIX, CASE_PREFIX, draw_number, draw_query_code
from cases.rules.looking_up import TRIES_PER_ADDRESS, TRIES_PER_SUBJECT
from county.calendar import load_calendar
from database import db
from tests.endpoint.conftest import TYPED, faults_in, receipt_in, text_of, value_of

REFUSED = "没有查到相符的记录"
DAY = date(2026, 11, 20)


@pytest.fixture
def accept(people):
    def accept():
        db.session.rollback()
        [application] = inbox({people.organ.id}, ApplicationState.RECEIVED)
        case = operations.accept(
            application, by=people.chen.id, at=datetime.now(UTC), calendar=load_calendar()
        )
        db.session.commit()
        return case

    return accept


def attempts() -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(LookUpAttempt)) or 0


def test_an_application_is_followed_from_the_form_to_its_result(citizen, accept, people):
    """D-09a, D-09b, D-10a, D-10b: the whole thread."""
    receipt = citizen.apply()
    by_receipt = {"application_number": receipt.number, "query_code": receipt.query_code}
    assert "待受理" in text_of(citizen.look_up(**by_receipt))

    case = accept()
    shown = text_of(citizen.look_up(**by_receipt))
    assert "办理中" in shown
    assert "还有7个工作日" in shown
    operations.record_opinion(case, "材料齐全，拟准予。", by=people.chen.id, at=datetime.now(UTC))
    operations.decide(
        case, CaseOutcome.GRANTED, "准予许可，请到二楼12号窗口领证。", by=people.chen.id, at=datetime.now(UTC)
    )
    db.session.commit()

    for answer in (
        citizen.look_up(**by_receipt),
        citizen.look_up(case_number=case.number, id_number=TYPED["id_number"]),
    ):
        shown = text_of(answer)
        assert answer.status_code == 200
        for label in ("办件编号", "办件名称", "受理时间", "办理时间", "办理部门", "办理状态"):
            assert label in shown
        for value in (
            case.number,
            "城镇污水排入排水管网许可",
            "青崖县民政局",
            "已办结",
            "准予许可，请到二楼12号窗口领证。",
        ):
            assert value in shown
        assert "拟准予" not in shown


@pytest.mark.parametrize(
    "typed", ["110105 19491231 002x", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002x\u200b"]
)
def test_an_id_number_is_matched_however_it_is_typed(citizen, accept, typed):
    citizen.apply()
    case = accept()

    assert citizen.look_up(case_number=case.number.lower(), id_number=typed).status_code == 200


def test_the_result_is_masked(citizen, accept):
    citizen.apply()
    case = accept()
    answer = citizen.look_up(case_number=case.number, id_number=TYPED["id_number"])

    assert "欧阳**（110*************2X）" in text_of(answer)
    for personal in (TYPED["applicant_name"], TYPED["id_number"], TYPED["phone"], TYPED["statement"]):
        assert personal not in answer.text


def test_wrong_and_throttled_and_unknown_are_the_same_bytes(citizen, accept):
    citizen.apply()
    case = accept()
    unknown_number = draw_number(CASE_PREFIX, DAY)
    wrong = citizen.look_up(case_number=case.number, id_number="110105194912310021")
    unknown = citizen.look_up(case_number=unknown_number, id_number=TYPED["id_number"])
    for turn in range(TRIES_PER_SUBJECT):
        citizen.look_up(f"198.51.100.{turn}", case_number=case.number, id_number="110105194912310021")
    throttled = citizen.look_up(case_number=case.number, id_number=TYPED["id_number"])

    assert REFUSED in wrong.text
    assert (throttled.status_code, throttled.data, throttled.headers) == (
        wrong.status_code,
        wrong.data,
        wrong.headers,
    )
    # The number that was typed is shown again; all else is equal.
    assert unknown.data.replace(unknown_number.encode(), case.number.encode()) == wrong.data
    assert (unknown.status_code, unknown.headers) == (wrong.status_code, wrong.headers)


def test_by_query_code_unknown_wrong_and_throttled_are_the_same_bytes_too(citizen):
    receipt = citizen.apply()
    unknown_number = draw_number(APPLICATION_PREFIX, DAY)
    wrong = citizen.look_up(application_number=receipt.number, query_code=draw_query_code())
    unknown = citizen.look_up(application_number=unknown_number, query_code=receipt.query_code)
    for _ in range(TRIES_PER_ADDRESS):
        citizen.look_up(application_number=unknown_number, query_code=draw_query_code())
    throttled = citizen.look_up(application_number=receipt.number, query_code=draw_query_code())

    assert (
        throttled.data == wrong.data == unknown.data.replace(unknown_number.encode(), receipt.number.encode())
    )
    holder = citizen.look_up(application_number=receipt.number, query_code=receipt.query_code)
    assert holder.status_code == 200


def test_refused_tries_are_counted_and_outlive_a_restart(citizen, accept, make_app):
    citizen.apply()
    case = accept()
    for _ in range(TRIES_PER_SUBJECT):
        citizen.look_up(case_number=case.number, id_number="110105194912310021")
    assert attempts() == TRIES_PER_SUBJECT

    citizen.client = make_app("endpoint").test_client()
    answer = citizen.look_up("203.0.113.9", case_number=case.number, id_number=TYPED["id_number"])
    assert REFUSED in answer.text


def test_a_slip_of_the_pen_is_said_and_costs_no_try(citizen):
    receipt = citizen.apply()
    slip = receipt.number[:-1] + ("0" if receipt.number[-1] != "0" else "1")
    answer = citizen.look_up(application_number=slip, query_code="short")

    assert answer.status_code == 422
    assert faults_in(answer) == ["application_number", "query_code"]
    assert value_of(answer, "application_number") == slip
    assert "<title>错误：" in answer.text
    assert faults_in(citizen.look_up(case_number="", id_number=" ")) == ["case_number", "id_number"]
    assert faults_in(citizen.look_up(case_number="x" * 9999, id_number="1" * 9999)) == [
        "case_number",
        "id_number",
    ]
    assert attempts() == 0


def test_neither_query_code_nor_id_number_is_sent_back(citizen):
    code = draw_query_code()
    number = draw_number(APPLICATION_PREFIX, DAY)

    assert code not in citizen.look_up(application_number=number, query_code=code).text
    assert TYPED["id_number"] not in citizen.look_up(case_number="BJ1", id_number=TYPED["id_number"]).text


@pytest.mark.parametrize(
    "form", [{}, {"by": "both"}, {"by": "faults"}, {"by": "'", "application_number": "x"}]
)
def test_a_look_up_of_no_known_kind_shows_both_forms(client, people, form):
    answer = client.post("/svc/lookup", data=form)

    assert answer.status_code == 422
    assert answer.text.count("<form") == 3  # site search and the two


def test_numbers_in_the_address_are_not_read(client, people):
    number = draw_number(APPLICATION_PREFIX, DAY)
    answer = client.get(f"/svc/lookup?application_number={number}&by=application")

    assert number not in answer.text
    assert attempts() == 0


def test_pages_with_personal_data_are_kept_by_no_cache_and_set_no_cookie(citizen, accept):
    answers = [
        citizen.send(),
        citizen.send(phone=""),
        citizen.client.get("/svc/lookup"),
    ]
    case = accept()
    answers.append(citizen.look_up(case_number=case.number, id_number=TYPED["id_number"]))
    answers.append(citizen.look_up(case_number=case.number, id_number="0"))

    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_personal_data_is_neither_in_the_files_nor_in_the_logs(citizen, settings, accept, people, caplog):
    """Planted through the public form, searched as bytes in every file of the installation and in what was logged."""
    caplog.set_level(logging.DEBUG)
    planted = {
        "applicant_name": "植入姓名甲",
        "id_number": "11010119900307109X",
        "phone": "13800007777",
        "statement": "植入内容：槐树胡同七号",
        "agent_name": "植入代理乙",
        "agent_id_kind": "passport",
        "agent_id_number": "EA7654321",
        "agent_phone": "13900008888",
    }
    citizen.send(**{**planted, "phone": "1380000777"})
    answer = citizen.send(**planted)
    assert answer.status_code == 200, faults_in(answer)
    receipt = receipt_in(answer)
    case = accept()
    citizen.look_up(case_number=case.number, id_number=planted["id_number"])
    citizen.look_up(case_number=case.number, id_number="EA7654321")
    citizen.look_up(application_number=receipt.number, query_code=receipt.query_code)

    values = [value for name, value in planted.items() if name != "agent_id_kind"]
    values += [receipt.query_code, receipt.query_code.replace("-", "")]
    logged = caplog.text
    stored = b"".join(file.read_bytes() for file in settings.home.rglob("*") if file.is_file())
    for table in db.metadata.sorted_tables:
        stored += "".join(repr(tuple(row)) for row in db.session.execute(db.select(table))).encode()
    assert case.number.encode() in stored  # the search itself finds what is there
    assert not [value for value in values if value in logged or value.encode() in stored]


def test_an_application_that_was_refused_shows_the_reason(citizen, people):
    receipt = citizen.apply()
    db.session.rollback()
    application = db.session.scalar(db.select(Application))
    assert application is not None
    operations.refuse(application, "该路段不在管网范围内。", by=people.chen.id, at=datetime.now(UTC))
    db.session.commit()
    shown = text_of(citizen.look_up(application_number=receipt.number, query_code=receipt.query_code))

    assert "不予受理" in shown
    assert "该路段不在管网范围内。" in shown
