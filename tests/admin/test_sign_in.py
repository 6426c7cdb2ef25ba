"""Coming in, staying in, going out; and what was typed when the sign-in ended."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from admin.kept import is_own_path
from content.models import DisclosureEdition, Edition
from county import sign_in, throttle
from county.officers import OfficerSession
from database import db

HIDDEN = re.compile(r'<textarea class="hidden" hidden name="([^"]+)">(.*?)</textarea>', re.DOTALL)


def test_a_password_leads_to_the_desk_and_the_cookie_is_kept_from_scripts(office):
    browser = office.browser()

    answer = browser.sign_in("editor")

    assert answer.status_code == 302
    assert answer.location == "/admin/"
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("office="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/admin" in cookie
    assert "工作台" in browser.get("/admin/").text


def test_a_wrong_password_says_so_keeps_the_login_and_opens_nothing(office):
    browser = office.browser()

    answer = browser.post("/admin/sign-in", {"login": "editor", "password": "falsch falsch falsch"})

    assert answer.status_code == 422
    assert "登录名或密码不正确" in answer.text
    assert 'value="editor"' in answer.text
    assert "falsch" not in answer.text
    assert browser.get("/admin/").status_code == 302


def test_failed_tries_count_and_in_the_end_even_the_right_password_has_to_wait(office):
    browser = office.browser()
    for _ in range(throttle.TRIES):
        browser.post("/admin/sign-in", {"login": "editor", "password": "x" * 20})

    assert "失败次数过多" in browser.sign_in("editor").text


def test_a_one_time_link_shows_a_button_works_once_and_offers_a_password(office):
    officer = office.people["editor"]
    officer.password_hash = None
    token = sign_in.make_link(officer, by=None, at=datetime.now(UTC))
    db.session.commit()
    browser = office.browser()

    assert "登录后台" in browser.get(f"/admin/sign-in/{token}").text
    assert browser.get("/admin/").status_code == 302  # opening it used nothing up
    used = browser.post(f"/admin/sign-in/{token}")
    again = office.browser().post(f"/admin/sign-in/{token}")

    assert used.location == "/admin/password"
    assert "新密码" in browser.get("/admin/password").text
    assert again.status_code == 422
    assert "已经使用过或已过期" in again.text


def test_a_password_that_was_set_ends_the_other_sessions_and_lets_in(office):
    other, browser = office.at_desk("editor"), office.at_desk("editor")

    refused = browser.post(
        "/admin/password", {"present": "falsch", "password": "a" * 20, "password_again": "a" * 20}
    )
    done = browser.post(
        "/admin/password",
        {
            "present": "yi-ju-hen-rong-yi-ji-de-hua",
            "password": "xin de yi ju hua 2026",
            "password_again": "xin de yi ju hua 2026",
        },
    )

    assert refused.status_code == 422
    assert done.location == "/admin/"
    assert browser.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_signing_out_ends_the_session_on_the_server(office):
    browser = office.at_desk("editor")
    token = browser.cookie

    browser.post("/admin/sign-out")
    replay = office.browser()
    replay.client.set_cookie("office", token, path="/admin", domain="localhost")

    assert replay.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("seen", "created"), [(timedelta(minutes=31), timedelta(minutes=31)), (timedelta(0), timedelta(hours=13))]
)
def test_a_session_ends_when_it_idles_and_in_any_case_after_its_longest_time(office, seen, created):
    browser = office.at_desk("editor")
    session = db.session.scalars(db.select(OfficerSession)).one()
    session.seen_at, session.created_at = datetime.now(UTC) - seen, datetime.now(UTC) - created
    db.session.commit()

    assert browser.get("/admin/").status_code == 302


def test_a_disabled_account_is_out_at_the_next_request(office):
    browser = office.at_desk("editor")
    assert browser.get("/admin/").status_code == 200

    sign_in.disable_officer(office.people["editor"], by=None, at=datetime.now(UTC))
    db.session.commit()

    assert browser.get("/admin/").status_code == 302


def end_sessions(login, office):
    sign_in.end_sessions(office.people[login], at=datetime.now(UTC))
    db.session.commit()


def test_a_page_to_read_comes_back_after_signing_in(office):
    browser = office.browser()

    asked = browser.get("/admin/disclosures/?search=x")

    assert asked.location == "/admin/sign-in?next=/admin/disclosures/?search%3Dx"
    done = browser.post(
        "/admin/sign-in",
        {
            "login": "editor",
            "password": "yi-ju-hen-rong-yi-ji-de-hua",
            "next": "/admin/disclosures/?search=x",
        },
    )
    assert done.location == "/admin/disclosures/?search=x"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example",
        "/admin/../x",
        "/admin\\evil",
        "/admin//evil",
        "/xxgk/",
        "javascript:alert(1)",
        "/admin/\r\nX: y",
    ],
)
def test_a_way_back_that_leads_elsewhere_is_not_taken(office, path):
    assert not is_own_path(path)
    browser = office.browser()
    done = browser.post(
        "/admin/sign-in", {"login": "editor", "password": "yi-ju-hen-rong-yi-ji-de-hua", "next": path}
    )
    assert done.location == "/admin/"


def typed_after(answer):
    found = HIDDEN.findall(answer.text)
    return {
        name: value.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&amp;", "&")
        for name, value in found
    }


def test_an_ended_sign_in_in_mid_edit_keeps_what_was_typed_and_saves_it_after_signing_in(office):
    edition = office.disclosure()
    browser = office.at_desk("editor")
    path = f"/admin/disclosures/edit/?id={edition.id}"
    typed = {
        "version": "1",
        "title": '新标题<b>"&',
        "organ": str(office.finance.id),
        "channel": str(office.channel.id),
        "validity": "有效",
        "mode": "主动公开",
        "body": "写了很久的正文\n第二段",
    }
    token = browser.token()
    end_sessions("editor", office)

    stopped = browser.post(path, typed, token=token)
    kept = re.search(r'name="kept" value="([^"]+)"', stopped.text)

    assert stopped.status_code == 401
    assert "内容已经保留" in stopped.text
    assert kept
    again = browser.post(
        "/admin/sign-in",
        {"login": "editor", "password": "yi-ju-hen-rong-yi-ji-de-hua", "kept": kept[1]},
        token=token,
    )
    assert again.status_code == 200
    assert f'action="{path}"' in again.text
    values = typed_after(again)
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', again.text.split(f'action="{path}"')[1])
    assert fresh
    saved = browser.post(path, values, token=fresh[1])
    assert saved.status_code == 302
    db.session.expire_all()
    assert db.session.get(Edition, edition.id).title == '新标题<b>"&'
    assert db.session.get(Edition, edition.id).body == "写了很久的正文\n第二段"


def test_what_one_officer_typed_is_not_handed_to_another(office):
    browser = office.at_desk("editor")
    token = browser.token()
    end_sessions("editor", office)
    stopped = browser.post("/admin/disclosures/new/", {"title": "只给艾编辑看的草稿"}, token=token)
    kept = re.search(r'name="kept" value="([^"]+)"', stopped.text)

    other = browser.post(
        "/admin/sign-in",
        {"login": "allround", "password": "yi-ju-hen-rong-yi-ji-de-hua", "kept": kept[1]},
        token=token,
    )

    assert other.location == "/admin/"
    assert "只给艾编辑看的草稿" not in browser.get("/admin/").text


def test_a_form_of_another_site_is_never_kept_nor_offered(office):
    browser = office.browser()
    for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
        answer = browser.post(
            "/admin/disclosures/new/", {"title": "别人塞进来的"}, headers={"Origin": origin}
        )
        assert answer.status_code == 403
        assert "别人塞进来的" not in answer.text


def test_a_form_without_origin_is_not_kept(office):
    client = office.browser().client

    answer = client.post("/admin/disclosures/new/", data={"title": "不知来自何处"})

    assert answer.status_code == 401
    assert "内容已经保留" not in answer.text


def test_a_forged_bundle_of_kept_values_is_ignored(office):
    browser = office.browser()

    answer = browser.post(
        "/admin/sign-in",
        {"login": "editor", "password": "yi-ju-hen-rong-yi-ji-de-hua", "kept": "WyIvYWRtaW4vIl0.forged"},
    )

    assert answer.location == "/admin/"


def test_a_stale_token_gives_a_chinese_page_that_keeps_what_was_typed(office):
    browser = office.at_desk("editor")
    typed = {
        "title": "令牌过期时写的标题",
        "organ": str(office.finance.id),
        "channel": str(office.channel.id),
        "validity": "有效",
        "mode": "主动公开",
    }

    stopped = browser.post("/admin/disclosures/new/", typed, token="stale")

    assert stopped.status_code == 400
    assert "安全令牌已失效" in stopped.text
    assert db.session.scalar(db.select(DisclosureEdition)) is None
    done = browser.post("/admin/disclosures/new/", typed_after(stopped))
    assert done.status_code == 302
    assert db.session.scalars(db.select(DisclosureEdition)).one().title == "令牌过期时写的标题"


def test_who_came_back_by_a_link_in_another_window_gets_the_form_too(office):
    browser = office.at_desk("editor")
    token = browser.token()
    end_sessions("editor", office)
    stopped = browser.post("/admin/disclosures/new/", {"title": "用链接登录的人写的"}, token=token)
    kept = re.search(r'name="kept" value="([^"]+)"', stopped.text)
    link = sign_in.make_link(office.people["editor"], by=None, at=datetime.now(UTC))
    db.session.commit()
    browser.post(f"/admin/sign-in/{link}")

    old_token = browser.post("/admin/sign-in", {"login": "", "kept": kept[1]}, token=token)
    again = browser.post("/admin/sign-in", typed_after(old_token))

    assert old_token.status_code == 400
    assert "用链接登录的人写的" in again.text
    assert 'action="/admin/disclosures/new/"' in again.text
