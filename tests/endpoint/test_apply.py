"""Applying: D-09a (online), D-09b (application number), E-03 (applicant, item, material), L-16 (agent), A-35."""

import threading

import pytest

from cases import operations as cases
from cases import queries
from cases.models import Application, CaseEvent
from cases.rules import ApplicationInput
from content import operations
from content import queries as content
from content.models import EditionState, ItemCategory
from database import db
from endpoint import tickets
from endpoint.apply import snapshot_of
from tests.endpoint.conftest import TYPED, Citizen, faults_in, hidden, receipt_in, text_of, value_of
from tests.people import GUIDE, NOON


def count(model=Application) -> int:
    db.session.rollback()
    return db.session.scalar(db.select(db.func.count()).select_from(model)) or 0


def test_an_application_sent_online_gets_a_receipt(citizen):
    """D-09a, D-09b, E-03."""
    answer = citizen.send()
    receipt = receipt_in(answer)
    stored = db.session.scalar(db.select(Application))

    assert answer.status_code == 200
    assert stored is not None
    assert (stored.number, stored.item_code, stored.item_name) == (
        receipt.number,
        citizen.code,
        GUIDE["title"],
    )
    shown = text_of(answer)
    assert "7个工作日" in shown
    assert "20个工作日" in shown
    assert "0990-6120012" in shown
    assert "最迟应在" in shown


def test_an_application_by_an_agent_is_received_whole_only(citizen):
    """L-16."""
    agent = {"agent_name": "王二", "agent_id_kind": "passport", "agent_id_number": "E12345678"}

    assert faults_in(citizen.send(**agent)) == ["agent_phone"]
    citizen.apply(**agent, agent_phone="13712345678")
    assert count() == 1


def test_the_same_form_sent_twice_is_one_application_with_one_receipt(citizen):
    ticket = citizen.ticket()
    first, second = citizen.send(ticket), citizen.send(ticket)

    assert receipt_in(first) == receipt_in(second)
    assert (count(), count(CaseEvent)) == (1, 1)


def test_the_empty_form_is_found_again_by_back_but_kept_by_no_shared_cache(citizen):
    answer = citizen.client.get(f"/svc/apply/{citizen.code}")

    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_two_tabs_at_once_are_one_application(citizen, door):
    ticket, answers, barrier = citizen.ticket(), [], threading.Barrier(4)

    def send() -> None:
        barrier.wait()
        answers.append(receipt_in(Citizen(door.test_client(), citizen.code).send(ticket)))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 4
    assert len({answer.number for answer in answers}) == 1
    assert count() == 1


def test_a_ticket_with_other_contents_is_refused_and_what_was_typed_is_kept(citizen):
    ticket = citizen.ticket()
    citizen.send(ticket)
    answer = citizen.send(ticket, statement="改成每天六吨。")

    assert answer.status_code == 409
    assert "<title>错误：" in answer.text
    assert value_of(answer, "statement") == "改成每天六吨。"
    assert count() == 1
    assert citizen.send(hidden(answer, "ticket"), statement="改成每天六吨。").status_code == 200


def test_a_wrong_check_digit_keeps_everything_that_was_typed(citizen):
    typed = {
        **TYPED,
        "id_number": "110105 19491231 0021",
        "applicant_name": "<b>“青竹”</b>&",
        "statement": "\n第一行\n  第二行</textarea>",
    }
    ticket = citizen.ticket()
    answer = citizen.send(ticket, **typed)

    assert answer.status_code == 422
    assert "<title>错误：" in answer.text
    assert faults_in(answer) == ["applicant_name", "id_number"]
    assert {name: value_of(answer, name) for name in TYPED} == typed
    assert hidden(answer, "ticket") == ticket
    assert "校验位" in answer.text
    assert count() == 0


def test_every_fault_is_said_on_top_and_at_its_field(citizen):
    answer = citizen.send(**dict.fromkeys(TYPED, ""))

    faults = faults_in(answer)
    assert faults == ["applicant_kind", "applicant_name", "id_kind", "id_number", "phone", "statement"]
    for field in faults:
        assert f'id="{field}"' in answer.text
        assert f'id="{field}-error"' in answer.text


def test_an_expired_ticket_keeps_what_was_typed_and_a_new_one_goes_through(citizen, old_ticket):
    answer = citizen.send(old_ticket)

    assert answer.status_code == 422
    assert "超过24小时" in answer.text
    assert {name: value_of(answer, name) for name in TYPED} == TYPED
    assert count() == 0
    assert citizen.send(hidden(answer, "ticket")).status_code == 200


def test_a_receipt_is_shown_again_also_after_its_ticket_expired(citizen, keyring, old_ticket):
    """What a browser sends that reloads a receipt a day old: no second application may come of it."""
    read, edition = tickets.read(old_ticket, keyring=keyring), content.live_item(citizen.code)
    assert read is not None
    assert edition is not None
    receipt = cases.receive(
        ApplicationInput(**TYPED),
        item=snapshot_of(edition),
        keyring=keyring,
        ticket=read.nonce,
        at=read.issued_at,
    )
    db.session.commit()
    answer = citizen.send(old_ticket)

    assert receipt_in(answer).query_code == receipt.query_code
    assert count() == 1
    assert citizen.send(old_ticket, phone="13912345679").status_code == 409


@pytest.mark.parametrize("ticket", ["", "x", "W10.x", "é" * 5000])
def test_a_form_without_our_ticket_is_refused_with_what_was_typed(citizen, ticket):
    answer = citizen.send(ticket)

    assert answer.status_code == 422
    assert value_of(answer, "applicant_name") == TYPED["applicant_name"]
    assert count() == 0


def test_a_ticket_of_another_item_does_not_count(citizen, make_item, client):
    other = Citizen(client, make_item(title="取水许可"))

    assert citizen.send(other.ticket()).status_code == 422
    assert count() == 0


@pytest.mark.parametrize("name", ["青" * 500, "张\x00三", "张\x1b[2J三", "张三😀"])
def test_hostile_names_are_refused_and_shown_back_as_text(citizen, name):
    answer = citizen.send(applicant_name=name)

    assert answer.status_code == 422
    assert faults_in(answer) == ["applicant_name"]
    assert value_of(answer, "applicant_name") == name


def test_emoji_and_template_text_in_the_statement_are_just_text(citizen, people, keyring):
    citizen.apply(statement="{{7*7}} {% raw %} 😀 ‮ <script>alert(1)</script>")

    application = db.session.scalar(db.select(Application))
    assert application is not None
    view = queries.case_for_clerk(application, officer=people.chen, keyring=keyring, at=NOON)
    assert view.statement == "{{7*7}} {% raw %} 😀 ‮ <script>alert(1)</script>"


def test_a_penalty_or_an_item_that_is_published_only_has_no_application_entry(client, make_item):
    """A-35."""
    codes = [
        make_item(published_only=True),
        make_item(
            title="对擅自占用河道的处罚",
            item_category=ItemCategory.PENALTY,
            discretion={"scope": "河道管理范围", "kinds": "罚款", "degrees": "一万元以下"},
            published_only=True,
        ),
    ]

    for code in codes:
        for answer in (client.get(f"/svc/apply/{code}"), client.post(f"/svc/apply/{code}", data=TYPED)):
            assert answer.status_code == 404
            assert "不接受网上申请" in answer.text
            assert "<form" not in answer.text.partition("<main")[2]
    assert count() == 0


@pytest.mark.parametrize("state", [EditionState.DRAFT, EditionState.APPROVED, EditionState.WITHDRAWN])
def test_an_item_that_is_not_public_cannot_be_applied_for(client, make_item, state):
    code = make_item(state)

    assert client.get(f"/svc/apply/{code}").status_code == 404
    assert client.post(f"/svc/apply/{code}", data=TYPED).status_code == 404


@pytest.mark.parametrize(
    "place", ["nothing", "%00", "a" * 500, "../../etc/passwd", "%F0%9F%98%80", "' OR 1=1 --"]
)
def test_an_unknown_item_is_a_plain_not_found(client, people, place):
    answer = client.get(f"/svc/apply/{place}")

    assert answer.status_code == 404
    assert "没有找到" in answer.text


def test_an_item_that_is_revised_while_the_form_is_open_takes_the_application(citizen, people):
    ticket = citizen.ticket()
    edition = content.live_item(citizen.code)
    assert edition is not None
    newer = operations.revise(edition.document, by=people.ai.id, at=NOON)
    operations.submit(newer, by=people.ai.id, at=NOON)
    operations.approve(newer, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.publish(newer, by=people.pei.id, at=NOON)
    db.session.commit()
    receipt = receipt_in(citizen.send(ticket))

    stored = db.session.scalar(db.select(Application).where(Application.number == receipt.number))
    assert stored is not None
    assert stored.item_edition_id == newer.id
