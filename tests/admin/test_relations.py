"""Relating one disclosure to another in the back office: by number, or by words of its title, without a list of all."""

from content.models import DisclosureEdition
from database import db
from tests.admin.test_editions import typed


def newest() -> DisclosureEdition:
    return db.session.scalars(
        db.select(DisclosureEdition).order_by(DisclosureEdition.id.desc()).limit(1)
    ).one()


def test_a_document_is_found_by_its_number_or_by_words_of_its_title(office):
    policy = office.published("集中供水管理办法")
    other = office.published("校外托管备案办法")
    editor = office.at_desk("editor")

    answer = editor.post(
        "/admin/disclosures/new/",
        typed(
            office,
            title="办法解读",
            interprets=f"{policy.document.number}\n校外托管",
            opinions_until="2027-01-05",
        ),
    )

    reading = newest()
    assert reading.interprets == [policy.document_id, other.document_id]
    assert str(reading.opinions_until) == "2027-01-05"
    said = editor.get(answer.location).text
    assert "集中供水管理办法" in said
    assert policy.document.number in editor.get(f"/admin/disclosures/edit/?id={reading.id}").text


def test_words_that_fit_none_or_several_name_the_cure_and_lose_nothing(office):
    office.published("集中供水管理办法")
    office.published("集中供水收费办法")
    editor = office.at_desk("editor")

    several = editor.post("/admin/disclosures/new/", typed(office, title="写好的解读", interprets="集中供水"))
    none = editor.post(
        "/admin/disclosures/new/", typed(office, title="写好的解读", replaces="没有这样的文件")
    )

    assert (several.status_code, none.status_code) == (422, 422)
    assert "找到不止一条" in several.text
    assert "《集中供水收费办法》" in several.text
    assert "没有找到“没有这样的文件”" in none.text
    assert "写好的解读" in none.text
    assert newest().title == "集中供水收费办法"
