"""After 发布 the officer learns what became of it on the public site."""

from datetime import UTC, datetime

from commands.publishing import build_site
from county import ledger
from database import db
from tests.admin.conftest import Office


def page(office: Office, edition) -> str:
    return office.at_desk("publisher").get(f"/admin/disclosures/details/?id={edition.id}").text


def settle_all() -> None:
    for errand in ledger.waiting_errands():
        ledger.settle(errand, at=datetime.now(UTC))
    db.session.commit()


def test_until_the_worker_has_been_there_the_page_says_so(office: Office):
    edition = office.published()

    assert "公开网站正在更新" in page(office, edition)
    build_site()
    settle_all()
    assert "公开网站正在更新" not in page(office, edition)


def test_a_page_that_was_kept_back_is_named_with_its_reason(office: Office):
    edition = office.published()
    edition.body_html = "<p>申请人身份证号11010519491231002X</p>"  # as if it had got past the desk
    db.session.commit()
    build_site()
    settle_all()

    shown = page(office, edition)

    assert "没有出现在公开网站上" in shown
    assert "个人信息" in shown or "身份证" in shown


def test_an_errand_that_was_given_up_is_in_sight_with_its_error(office: Office):
    edition = office.published()
    errand = ledger.latest_errand("publish_document", edition.document_id)
    assert errand is not None
    errand.state, errand.last_error = "failed", "OSError: No space left on device"
    db.session.commit()

    assert "No space left on device" in page(office, edition)
