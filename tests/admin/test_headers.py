"""S17: whatever the back office answers, the headers that protect it are there: pages, refusals, errors, files."""

import pytest

from content import rules
from tests.admin.conftest import Office
from tests.admin.test_access import routes

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


def missing(answer) -> list[str]:
    """What an answer lacks of what each must have."""
    lacks = [name for name, value in EXPECTED.items() if answer.headers.get(name) != value]
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy:
        lacks.append("Content-Security-Policy")
    if not {"no-store", "no-cache"} & set(answer.headers.get("Cache-Control", "").replace(",", " ").split()):
        lacks.append("Cache-Control")
    return lacks


@pytest.mark.parametrize("login", [None, "allround", "administrator"])
def test_every_answer_of_every_route_has_the_headers_that_protect_it(office: Office, login: str | None):
    office.disclosure()
    browser = office.at_desk(login) if login else office.browser()
    lacking = {}
    for endpoint, path, method, _verb in routes(office):
        if endpoint == "sign_in.leave":
            continue
        answer = browser.get(f"{path}?id=1") if method == "GET" else browser.post(f"{path}?id=1", token="")
        if lacks := missing(answer):
            lacking[f"{method} {path} {answer.status_code}"] = lacks
    for path in (
        "/admin/nonsense",
        "/admin/static/nonsense.js",
        "/admin/disclosures/act/submit/",
        "/admin/%00",
    ):
        if lacks := missing(browser.get(path)):
            lacking[path] = lacks

    assert lacking == {}


def test_an_error_of_ours_has_them_too(office: Office, monkeypatch: pytest.MonkeyPatch):
    office.app.config["PROPAGATE_EXCEPTIONS"] = False
    edition = office.disclosure()
    monkeypatch.setattr(rules, "faults_before_publication", lambda _edition: 1 / 0)

    answer = office.at_desk("editor").get(f"/admin/disclosures/details/?id={edition.id}")

    assert (answer.status_code, missing(answer)) == (500, [])
