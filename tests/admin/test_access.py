"""Every route of the back office × nobody, each role, and a foreign organ's officer: closed unless the table opens it."""

import re

import pytest

from admin.officer_view import OfficerView
from content.models import EditionState
from county import sign_in
from county.officers import Role
from tests.admin.conftest import Office

REVIEWERS = {"reviewer", "legal_reviewer", "disclosure_reviewer"}
EDITORIAL = {"editor", "publisher", "duty_publisher"} | REVIEWERS
ALL = EDITORIAL | {"clerk", "supervisor", "administrator", "security_administrator", "auditor"}
ACT_RIGHTS = {
    "submit": {"editor"}, "discard": {"editor"}, "revise": {"editor"}, "restore": {"editor"}, "ask_release": {"editor"},
    "clean_file": {"editor"}, "recall": {"editor"},
    "approve": REVIEWERS, "record_confirmation": REVIEWERS,  # which of them, says the step at which an edition stands
    "force_publish": {"duty_publisher"},
    "publish": {"publisher"}, "schedule": {"publisher"}, "unschedule": {"publisher"}, "withdraw": {"publisher"},
    "send_back": REVIEWERS | {"publisher"},
}  # fmt: skip
# Which roles may reach a page at all; what they may do there to which row is the subject of the other tests.
OPEN_TO = {
    "admin.index": ALL,
    "alerts.index_view": {"administrator"},  # and a publisher for the whole installation
    "alerts.lift_view": {"administrator"},
    "applications.act_view": {"clerk"},
    "applications.details_view": {"clerk"},
    "applications.index_view": {"clerk"},
    "calendar.index_view": {"administrator"},
    "calendar.remove_view": {"administrator"},
    "channels.create_view": {"administrator"},
    "channels.edit_view": {"administrator"},
    "channels.index_view": {"administrator"},
    "coding-rules.create_view": {"administrator"},
    "coding-rules.edit_view": {"administrator"},
    "coding-rules.index_view": {"administrator"},
    "deputies.stop_view": REVIEWERS | {"security_administrator"},
    "deputies.index_view": REVIEWERS | {"security_administrator"},
    "duties.create_view": {"administrator"},
    "duties.edit_view": {"administrator"},
    "duties.index_view": {"administrator"},
    "forms.apply_view": {"editor"},
    "forms.index_view": EDITORIAL,
    "forms.item_view": EDITORIAL,
    "forms.organ_view": EDITORIAL,
    "forms.preview_view": {"editor"},
    "forms.upload_view": {"editor"},
    "mappings.apply_view": {"administrator"},
    "mappings.create_view": {"administrator"},
    "mappings.edit_view": {"administrator"},
    "mappings.index_view": {"administrator"},
    "mappings.preview_view": {"administrator"},
    "mappings.try_view": {"administrator"},
    "tasks.apply_view": {"editor"},
    "tasks.create_view": {"administrator"},
    "tasks.details_view": {"editor", "administrator"},
    "tasks.file_view": {"editor", "administrator"},
    "tasks.index_view": {"editor", "administrator"},
    "tasks.judge_view": {"administrator"},
    "tasks.preview_view": {"editor"},
    "tasks.upload_view": {"editor"},
    "files.fetch_view": EDITORIAL,
    "files.index_view": EDITORIAL,
    "lookup.index_view": ALL,
    "ledger.file_view": {"supervisor", "auditor"},
    "ledger.index_view": {"supervisor", "auditor"},
    "officers.create_view": {"security_administrator"},
    "officers.details_view": {"security_administrator"},
    "officers.grant_view": {"security_administrator"},
    "officers.index_view": {"security_administrator"},
    "officers.invite_view": {"security_administrator"},
    "officers.end_view": {"security_administrator"},
    "officers.leave_view": {"security_administrator"},
    "officers.unbind_view": {"security_administrator"},
    "officers.reset_view": {"security_administrator"},
    "officers.revoke_view": {"security_administrator"},
    "officers.switch_view": {"security_administrator"},
    "organs.change_view": {"administrator"},
    "organs.create_view": {"administrator"},
    "organs.edit_view": {"administrator"},
    "organs.index_view": {"administrator"},
    "planned.index_view": EDITORIAL,
    "publish.index_view": {"publisher"},
    "releases.details_view": {"publisher", "supervisor", "administrator", "auditor"},
    "releases.index_view": {"publisher", "supervisor", "administrator", "auditor"},
    "review.index_view": REVIEWERS,
    "review-chains.create_view": {"administrator"},
    "review-chains.edit_view": {"administrator"},
    "review-chains.index_view": {"administrator"},
    "review-chains.remove_view": {"administrator"},
    "site-settings.index_view": {"administrator"},
    "site-settings.look_view": {"administrator"},
    "find.index_view": ALL,
    "freshness.confirm_view": {"editor"},
    "freshness.index_view": EDITORIAL | {"supervisor", "administrator", "auditor"},
    "standing.file_view": EDITORIAL | {"supervisor", "administrator", "auditor"},
    "standing.index_view": EDITORIAL | {"supervisor", "administrator", "auditor"},
    "standing.organ_view": EDITORIAL | {"supervisor", "administrator", "auditor"},
    "second_factor.begin": ALL | {"nobody"},
    "second_factor.confirm": ALL | {"nobody"},
    "second_factor.end_session": ALL | {"nobody"},
    "second_factor.show": ALL | {"nobody"},
    "sign_in.ask_password": ALL | {"nobody"},
    "sign_in.leave": ALL | {"nobody"},
    "sign_in.set_password": ALL | {"nobody"},
} | {
    f"{kind}.{page}": roles
    for kind in ("disclosures", "services")
    for page, roles in {
        "index_view": EDITORIAL,
        "details_view": EDITORIAL,
        "document_view": EDITORIAL,
        "create_view": {"editor"},
        "edit_view": {"editor"},
        "correct_view": {"editor"},
        "correction_view": {"editor"} | REVIEWERS,
        "keep_view": {"editor"},
        "undo_view": EDITORIAL,
        "forget_view": {"editor"},
        "preview_view": {"editor"},
        "upload_view": {"editor"},
        "plan_view": EDITORIAL,
        "share_view": EDITORIAL,
        "versions_view": EDITORIAL,
        "compare_view": EDITORIAL,
        "action_view": EDITORIAL,
        "act_view": EDITORIAL,
    }.items()
}
LEAD_IN = {
    "sign_in.ask", "sign_in.with_password", "sign_in.open_link", "sign_in.use_link", "sign_in.with_code", "office.static",
    "previews.open_link", "sign_on.begin", "sign_on.finish", "sign_on.leave",
}  # fmt: skip
ROLES = (*sorted(ALL), "nobody")
KNOWN_MISSING = {404, 422, 302, 200}


def routes(office: Office):
    """Each (endpoint, path, method) under /admin, the variable parts filled."""
    for rule in office.app.url_map.iter_rules():
        if not rule.rule.startswith("/admin"):
            continue
        path = rule.rule.replace("<attachment_id>", "1").replace("<token>", "x" * 43)
        path = path.replace("<path:filename>", "office.css")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            for verb in (
                ACT_RIGHTS if "disclosures" in path or "services" in path else ("accept", "refuse", "decide")
            ):
                if "<verb>" in path:
                    yield f"{rule.endpoint}", path.replace("<verb>", verb), method, verb
            if "<verb>" not in path:
                yield rule.endpoint, path, method, None


def test_every_route_stands_in_the_table(office):
    assert {endpoint for endpoint, *_rest in routes(office)} == OPEN_TO.keys() | LEAD_IN


def test_nobody_gets_past_the_door_without_signing_in(office):
    browser = office.browser()
    token = browser.token()
    for endpoint, path, method, _verb in routes(office):
        if endpoint in LEAD_IN:
            continue
        answer = browser.get(f"{path}?id=1") if method == "GET" else browser.post(f"{path}?id=1", token=token)
        assert answer.status_code == (302 if method == "GET" else 401), (method, path)
        if method == "GET":
            assert answer.location.startswith("/admin/sign-in?next="), path


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_the_pages_of_its_work_and_no_other(office, role):
    """I-05, L-01: generated from the URL map."""
    browser = office.at_desk(role)
    for endpoint, path, method, verb in routes(office):
        if endpoint in LEAD_IN or endpoint in ("sign_in.leave", "sign_in.set_password"):
            continue
        allowed = role in (ACT_RIGHTS.get(verb, OPEN_TO[endpoint]) if verb else OPEN_TO[endpoint])
        answer = browser.get(f"{path}?id=1") if method == "GET" else browser.post(f"{path}?id=1")
        if allowed:
            assert answer.status_code in KNOWN_MISSING, (role, method, path, answer.status_code)
        else:
            assert answer.status_code == 403, (role, method, path, answer.status_code)


def test_rows_of_one_organ_answer_another_organs_officer_as_if_they_were_not_there(office):
    """A-07: an officer with every role elsewhere; every route that takes an id."""
    office.submitted()
    stranger, keeper = office.at_desk("stranger"), office.at_desk("strange_keeper")
    for endpoint, path, method, _verb in routes(office):
        browser = keeper if endpoint.startswith("officers") else stranger
        if endpoint.rpartition(".")[2] not in (
            "details_view",
            "edit_view",
            "change_view",
            "act_view",
            "plan_view",
            "share_view",
            "versions_view",
            "compare_view",
            "grant_view",
            "revoke_view",
            "invite_view",
            "switch_view",
            "reset_view",
            "unbind_view",
            "leave_view",
            "end_view",
        ):
            continue
        answer = (
            browser.get(f"{path}?id=1") if method == "GET" else browser.post(f"{path}?id=1", {"rowid": "1"})
        )
        # Channels and coding rules are for the whole installation: an administrator of one organ does not see them.
        assert answer.status_code in (
            (403,)
            if endpoint.startswith(("channels", "coding-rules", "mappings", "review-chains"))
            else (404,)
        ), (method, path)


def test_nothing_changes_without_a_token_by_a_foreign_origin_or_by_reading(office):
    """Every unsafe route, as an officer who may do everything."""
    edition = office.approved()
    browser = office.at_desk("allround")
    client = browser.client
    for endpoint, path, method, _verb in routes(office):
        if method == "GET" or endpoint in LEAD_IN:
            continue
        target = f"{path}?id={edition.id}"
        bare = browser.post(target, token="")
        foreign = client.post(
            target, data={"csrf_token": browser.token()}, headers={"Origin": "https://evil.example"}
        )
        sideways = client.post(
            target, data={"csrf_token": browser.token()}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert bare.status_code == 400, path
        assert foreign.status_code == sideways.status_code == 403, path
        if "GET" not in {
            rule_method for other, other_path, rule_method, _ in routes(office) if other_path == path
        }:
            assert browser.get(target).status_code == 405, path
    assert edition.state is EditionState.APPROVED


def test_signing_in_needs_a_token_too(office):
    answer = office.browser().post("/admin/sign-in", {"login": "editor", "password": "x"}, token="")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "path",
    ["disclosures/delete/", "disclosures/export/csv/", "disclosures/ajax/update/", "disclosures/ajax/lookup/", "organs/delete/", "ledger/edit/", "ledger/new/", "ledger/action/", "officers/edit/", "applications/edit/", "static/admin/js/form.js", "static/../../config.py", "nonsense/"],
)  # fmt: skip
def test_what_flask_admin_would_offer_and_we_do_not_is_not_there(office, path):
    browser = office.at_desk("administrator")

    assert browser.get(f"/admin/{path}").status_code == 404
    assert browser.post(f"/admin/{path}").status_code in (404, 405)


def test_every_answer_carries_the_strict_headers_and_is_not_stored(office):
    for browser in (office.browser(), office.at_desk("allround")):
        for path in (
            "/admin/",
            "/admin/sign-in",
            "/admin/disclosures/",
            "/admin/nonsense",
            "/admin/disclosures/details/?id=9",
        ):
            headers = browser.get(path).headers
            assert "unsafe-inline" not in headers["Content-Security-Policy"]
            assert "script-src 'self'" in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cache-Control"] == "no-store"


def test_no_page_holds_script_or_style_of_its_own(office):
    edition = office.disclosure()
    browser = office.at_desk("allround")
    for path in (
        "/admin/",
        "/admin/disclosures/",
        "/admin/disclosures/new/",
        "/admin/services/new/",
        f"/admin/disclosures/details/?id={edition.id}",
    ):
        page = browser.get(path).text
        assert '<html lang="zh-CN">' in page
        assert (
            page.count("<script")
            == len(re.findall(r'<script src="/admin/static/[^"]+"[^>]*></script>', page))
            > 0
        )
        for inline in (" style=", "<style", " onclick=", " onsubmit=", "javascript:"):
            assert inline not in page, (path, inline)


def test_the_menu_shows_what_is_open_and_nothing_else(office):
    assert "人员与角色" not in office.at_desk("editor").get("/admin/").text
    assert "信息公开" not in office.at_desk("clerk").get("/admin/").text.split("</nav>")[0]
    assert "人员与角色" in office.at_desk("security_administrator").get("/admin/").text
    assert "栏目" not in office.at_desk("stranger").get("/admin/").text.split("</nav>")[0]


def test_a_view_that_names_no_right_is_closed_and_every_view_names_one(office):
    assert OfficerView.rights == frozenset()
    assert all(view.rights for view in office.app.extensions["admin"][0]._views)


def test_a_path_under_the_back_office_that_forgot_its_guard_is_closed_too(office):
    office.app.add_url_rule("/admin/forgotten", "forgotten", lambda: "secret", methods=["GET", "POST"])
    browser = office.browser()

    assert browser.get("/admin/forgotten").status_code == 302
    assert browser.post("/admin/forgotten").status_code == 401


def test_a_right_in_one_organ_is_none_in_another(office):
    """I-05: editor here, reviewer and publisher there; what he sees here he may only edit."""
    officer = office.people["editor"]
    for role in (Role.REVIEWER, Role.PUBLISHER):
        sign_in.grant_role(officer, role, office.water, by=None, at=officer.created_at)
    waiting, ready = (
        office.submitted("春耕的通知", by="allround"),
        office.approved("秋收的通知", by="allround"),
    )
    browser = office.at_desk("editor")

    page = browser.get(f"/admin/disclosures/details/?id={waiting.id}").text
    approve = browser.post(f"/admin/disclosures/act/approve/?id={waiting.id}", {"secrecy_reviewed": "yes"})
    publish = browser.post(f"/admin/disclosures/act/publish/?id={ready.id}")
    browser.post("/admin/disclosures/action/", {"action": "publish", "rowid": str(ready.id)})

    assert "/act/approve/" not in page
    assert approve.status_code == publish.status_code == 403
    assert "春耕的通知" not in browser.get("/admin/review/").text
    assert (waiting.state, ready.state) == (EditionState.SUBMITTED, EditionState.APPROVED)
