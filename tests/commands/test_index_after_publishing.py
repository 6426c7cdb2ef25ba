"""The search finds what the public site shows, and nothing else, whatever was kept back or cured by a publication."""

from collections.abc import Callable

import pytest

import search
from commands.indexing import rebuild_index
from commands.work import pay_next
from content import operations
from content.models import Edition, EditionState
from database import db
from installation import search_index
from tests.people import NOON, NOTICE, make_edition, settled_in

ID_NUMBER = "11010519491231002X"


@pytest.fixture
def people(app):
    search_index().rebuild([])
    return settled_in()


@pytest.fixture(params=["worker", "command"])
def publish(app, request) -> Callable[[], None]:
    """What is owed goes live, by the worker or by the command."""

    def bring_live() -> None:
        db.session.commit()
        if request.param == "worker":
            assert pay_next()
        else:
            assert app.test_cli_runner().invoke(args=["site", "publish"]).exit_code in (0, 3)

    return bring_live


def titles(text: str) -> list[str]:
    return [hit.title for hit in search.find(search_index(), text).results]


def found_again(text: str) -> list[str]:
    """What is found, now and in an index that is made anew."""
    now = titles(text)
    rebuild_index()
    assert titles(text) == now
    return now


def revise(people, edition: Edition, **values: object) -> Edition:
    """A new edition goes live by the officers' acts; its text is set afterwards, as if it had got past the desk."""
    newer = operations.revise(edition.document, by=people.ai.id, at=NOON)
    operations.save_draft(newer, {"body": "名单已公布，请到窗口领取。"}, by=people.ai.id, at=NOON)
    operations.submit(newer, by=people.ai.id, at=NOON)
    operations.approve(newer, by=people.bao.id, at=NOON, secrecy_reviewed=True)
    operations.publish(newer, by=people.pei.id, at=NOON)
    for name, value in values.items():
        setattr(newer, name, value)
    return newer


def test_a_document_that_goes_live_with_what_it_leads_to_is_found(people, publish):
    bad = make_edition(people, EditionState.PUBLISHED, title="领取名单", body="见附件。")
    bad.body_html = f"<p>身份证号{ID_NUMBER}</p>"
    make_edition(
        people, EditionState.PUBLISHED, title="领取办法说明", body=f"见[名单](/xxgk/{bad.document_id}/)。"
    )
    publish()
    assert found_again("领取办法") == []

    revise(people, bad)
    publish()

    assert found_again("领取办法") == ["领取办法说明"]
    assert found_again("领取名单")[0] == "领取名单"


def test_a_document_whose_new_edition_is_kept_back_is_found_by_its_last_good_one(people, publish):
    edition = make_edition(people, EditionState.PUBLISHED)
    publish()

    revise(people, edition, title="关于停运的公告", body_html=f"<p>联系人身份证号{ID_NUMBER}</p>")
    publish()

    assert found_again("公交线路") == [NOTICE["title"]]
    assert found_again("停运") == []


def test_a_question_that_is_kept_back_is_found_no_more_until_it_is_cured(people, publish):
    values = {
        "question": "公交卡怎么年审？",
        "answer": "到客运站办理。",
        "organ": people.organ,
        "site_id": people.site.id,
    }
    question = operations.save_question(None, values, publish=True, by=None, at=NOON)
    publish()
    assert titles("公交卡年审") == ["公交卡怎么年审？"]

    operations.save_question(question, {"answer": f"请带{ID_NUMBER}的证件。"}, publish=True, by=None, at=NOON)
    publish()
    assert found_again("公交卡年审") == []

    operations.save_question(question, {"answer": "请带身份证原件。"}, publish=True, by=None, at=NOON)
    publish()
    assert found_again("公交卡年审") == ["公交卡怎么年审？"]


def test_what_is_withdrawn_but_not_yet_taken_off_the_site_does_not_come_back_into_the_index(people, publish):
    first = make_edition(people, EditionState.PUBLISHED)
    publish()
    bad = revise(people, first, body_html=f"<p>身份证号{ID_NUMBER}</p>")
    publish()
    operations.withdraw(bad, reason="privacy", by=people.pei.id, at=NOON)
    db.session.commit()

    rebuild_index()

    assert titles("公交线路") == []
    publish()
    assert found_again("公交线路") == []


def test_while_another_process_writes_the_index_the_site_is_published_and_the_index_is_owed(
    app, people, monkeypatch
):
    """Seen failing: the command ended with a trace, though the site was live."""
    publish_all = lambda: app.test_cli_runner().invoke(args=["site", "publish"])  # noqa: E731
    assert publish_all().exit_code == 0
    make_edition(people, EditionState.PUBLISHED, title="供水管网改造公告")
    db.session.commit()
    with monkeypatch.context() as busy:
        busy.setattr(search.WhooshIndex, "put", lambda *_: (_ for _ in ()).throw(search.IndexBusyError(30)))
        result = publish_all()

    assert result.exit_code == 3
    assert "网站已更新，检索还没有跟上" in result.output
    assert publish_all().exit_code == 0
    assert titles("供水管网") == ["供水管网改造公告"]
