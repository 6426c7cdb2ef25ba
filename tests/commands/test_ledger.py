"""`flask ledger`: tampering ends it with status 1 and is named; each publication notes where the chain ended."""

import json
from datetime import UTC, datetime

import pytest

import publisher
from commands.publishing import build_site
from county import chain, ledger
from county.acts import Act
from county.chain import Head
from database import db
from tests.people import settled_in


@pytest.fixture
def flask(app):
    people = settled_in()
    ledger.record("rename", people.organ, by=people.an.id, at=datetime.now(UTC), details={"name": "新名"})
    db.session.commit()
    return lambda *words: app.test_cli_runner().invoke(args=["ledger", *words])


def last_act():
    db.session.rollback()
    return db.session.scalars(db.select(Act).order_by(Act.chain_no.desc()).limit(1)).one()


@pytest.mark.row("I-06")
def test_an_untouched_ledger_is_verified(flask):
    result = flask("verify", "--json")

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["acts"] == last_act().chain_no
    assert json.loads(result.stdout)["findings"] == []


@pytest.mark.row("I-06")
def test_tampering_ends_with_status_one_and_names_the_act(flask):
    act = last_act()
    db.session.execute(db.update(Act).where(Act.id == act.id).values(details={"name": "旧名"}))
    db.session.commit()

    result = flask("verify", "--json")

    assert result.exit_code == 1
    [found] = json.loads(result.stdout)["findings"]
    assert (found["damage"], found["chain_no"], found["act_id"]) == ("changed", act.chain_no, act.id)
    assert f"第 {act.chain_no} 条（id {act.id}，" in result.stderr
    assert "内容与校验码不符" in result.stderr


def test_a_head_noted_on_paper_shows_what_was_cut_off(flask):
    noted = flask("head").stdout.strip()
    assert flask("verify", "--head", noted).exit_code == 0
    act, table = last_act(), Act.__table__
    number = act.chain_no
    before = db.session.scalars(db.select(Act).where(Act.chain_no == act.chain_no - 1)).one()
    db.session.execute(db.delete(table).where(table.c.id == act.id))
    db.session.execute(db.update(chain.LedgerHead).values(chain_no=before.chain_no, seal=before.seal))
    db.session.commit()

    assert flask("verify").exit_code == 0
    result = flask("verify", "--head", noted)
    assert result.exit_code == 1
    assert f"第 {number} 条：缺失" in result.stderr


def test_what_is_no_head_is_wrong_usage(flask):
    assert flask("verify", "--head", "12").exit_code == 2


def test_each_publication_notes_the_end_of_the_chain_in_its_record_and_beside_the_database(flask, settings):
    end = chain.ledger_head()

    build_site()

    [publication] = publisher.publications(1)
    noted = Head(end.chain_no, end.seal, publication.name)
    assert (publication.ledger_no, publication.ledger_seal) == (end.chain_no, end.seal)
    assert publisher.noted_heads() == [noted]
    assert chain.noted_heads(settings.home / chain.NOTED) == [noted]


def test_a_chain_made_anew_in_the_whole_database_is_betrayed_by_the_file_beside_it(flask, settings):
    build_site()
    table = Act.__table__
    db.session.execute(db.update(table).where(table.c.chain_no == last_act().chain_no).values(verb="read"))
    db.session.commit()
    act = last_act()
    before = db.session.scalars(db.select(Act.seal).where(Act.chain_no == act.chain_no - 1)).one()
    row = db.session.execute(chain.sealed_columns().where(Act.id == act.id)).one()
    seal = chain.seal_of(row, act.chain_no, before)
    db.session.execute(db.update(table).where(table.c.id == act.id).values(seal=seal))
    db.session.execute(db.update(chain.LedgerHead).values(seal=seal))
    db.session.execute(db.update(publisher.Publication).values(ledger_seal=seal))
    db.session.commit()

    result = flask("verify")

    assert result.exit_code == 1
    assert "校验码与当时记下的不同" in result.stderr
