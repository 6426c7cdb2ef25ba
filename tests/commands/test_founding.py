import json
import re

import pytest

from content import queries
from county import sign_in
from county.officers import Officer, Role
from county.organs import Organ
from county.regions import the_site
from database import db
from tests.people import NOON, settle_in


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=list(words))


def test_an_empty_installation_gets_region_site_and_the_standard_channels(run):
    """I-29, A-28; 条例 arts. 12, 20, 21."""
    result = run("county", "init", "青崖县", "990123")

    assert result.exit_code == 0, result.output
    site = the_site()
    assert site is not None
    assert (site.region.code, site.is_sample) == ("990123", False)
    names = {channel.name for channel in queries.channels()}
    assert {
        "政府信息公开指南",
        "政府信息公开年报",
        "财政预算决算",
        "乡镇信息",
        "政务服务",
        "政民互动",
    } <= names


def test_an_installation_is_founded_once_and_with_a_division_code(run):
    assert run("county", "init", "青崖县", "99012X").exit_code == 1
    assert the_site() is None
    run("county", "init", "青崖县", "990123")

    assert run("county", "init", "另一县", "990124").exit_code == 1
    assert the_site().region.name == "青崖县"


def test_an_account_comes_with_a_link_and_without_a_password(run):
    settle_in()

    result = run("officers", "create", "lu.caiyun", "卢彩云", "--organ", "青崖县民政局", "--role", "editor")

    assert result.exit_code == 0, result.output
    token = re.search(r"/admin/sign-in/(\S+)", result.stdout)[1]
    officer = sign_in.use_link(token, at=NOON.now(NOON.tzinfo))
    assert (officer.login, officer.password_hash, [grant.role for grant in officer.grants]) == (
        "lu.caiyun", None, [Role.EDITOR],
    )  # fmt: skip


def test_unknown_organs_logins_and_taken_names_are_refused_in_words(run):
    settle_in()

    for words in (
        ("officers", "create", "x", "某", "--organ", "没有的局"),
        ("officers", "create", "ai", "某", "--organ", "MZ"),
        ("officers", "invite", "nobody"),
        ("officers", "disable", "nobody"),
    ):
        result = run(*words)
        assert result.exit_code == 1
        assert "Traceback" not in result.output
        assert result.stderr


def test_a_disabled_officer_is_out(run):
    people = settle_in()
    token = sign_in.start_session(people.ai, at=NOON)
    db.session.commit()

    assert run("officers", "disable", "ai").exit_code == 0

    db.session.expire_all()
    assert not db.session.scalar(db.select(Officer).where(Officer.login == "ai")).is_active
    from_idle = sign_in.session_in_force(
        token, at=NOON, idle=NOON - NOON.replace(hour=0), longest=NOON - NOON.replace(hour=0)
    )
    assert from_idle is None


def test_search_commands_speak_json_and_name_the_cure_for_a_missing_index(run, settings):
    settle_in()
    run("county", "init", "x", "990123")

    missing = run("search", "find", "公交", "--json")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "flask search rebuild" in missing.stderr
    assert json.loads(run("search", "rebuild", "--json").stdout)["entries"] == 0
    found = json.loads(run("search", "find", "公交", "--json").stdout)
    assert (found["total"], found["results"]) == (0, [])
    assert db.session.scalar(db.select(db.func.count(Organ.id))) == 3
