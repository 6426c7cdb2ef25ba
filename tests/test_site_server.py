"""The door "site" serves the live tree and nothing beside it."""

import hashlib

import pytest

pytestmark = pytest.mark.sqlite  # it serves files


@pytest.fixture
def tree(settings):
    """A release with a page, an asset, an attachment and a page for what is not there; beside it, a secret."""
    release = settings.site_folder / "releases" / "20261120T040000Z-1"
    files = {
        "index.html": "<h1>首页</h1>",
        "xxgk/7/index.html": "<h1>公告</h1>",
        "404.html": "<h1>没有找到</h1>",
        "feed.xml": "<feed/>",
        "assets/site.0123abcd.css": "a{}",
        "assets/chrome.json": "{}",
        "files/ab/abcd.docx": "word",
        "files/ab/abce.pdf": "%PDF-1.4",
        "empty/.keep": "",
    }
    for name, text in files.items():
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_text(text, encoding="utf-8")
    (settings.home / "secret.txt").write_text("secret", encoding="utf-8")
    (release / "out.txt").symlink_to(settings.home / "secret.txt")
    (release / "outside").symlink_to(settings.home)
    (settings.site_folder / "current").symlink_to("releases/20261120T040000Z-1")
    return release


@pytest.fixture
def client(make_app, tree):
    return make_app("site").test_client()


@pytest.mark.parametrize(
    ("address", "kind", "text"),
    [
        ("/", "text/html; charset=utf-8", "首页"),
        ("/xxgk/7/", "text/html; charset=utf-8", "公告"),
        ("/assets/site.0123abcd.css", "text/css; charset=utf-8", "a{}"),
        ("/assets/chrome.json", "application/json", "{}"),
        ("/feed.xml", "application/atom+xml; charset=utf-8", "<feed/>"),
        ("/files/ab/abce.pdf", "application/pdf", "%PDF"),
    ],
)
def test_each_kind_of_file_comes_with_its_type(client, address, kind, text):
    answer = client.get(address, buffered=True)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert text in answer.text


def test_a_folder_without_its_slash_is_redirected_within_the_site(client):
    answer = client.get("/xxgk/7?a=1")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/xxgk/7/?a=1")


@pytest.mark.parametrize(
    "address",
    [
        "/nothing", "/nothing/", "/empty/", "/empty", "/xxgk/", "/../secret.txt", "/%2e%2e/%2e%2e/secret.txt",
        "/xxgk/../../../secret.txt", "/..%2f..%2fsecret.txt", "/out.txt", "/outside/secret.txt", "/outside/",
        "/..\\..\\secret.txt", "/empty/.keep", "/%00", "/index.html/", "/" + "a" * 5000, "//etc/passwd",
    ],
)  # fmt: skip
def test_what_is_not_in_the_tree_answers_404_with_the_sites_own_page(client, address):
    """standards §1.2: an error page must answer with status 404."""
    answer = client.get(address)

    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert "secret" not in answer.text


def test_a_page_that_has_not_changed_is_not_sent_again(client, tree):
    first = client.get("/xxgk/7/")
    tag = first.headers["ETag"]

    again = client.get("/xxgk/7/", headers={"If-None-Match": tag})
    (tree / "xxgk/7/index.html").write_text("<h1>新公告</h1>", encoding="utf-8")
    changed = client.get("/xxgk/7/", headers={"If-None-Match": tag})

    assert tag == f'"{hashlib.sha256(b"<h1>" + "公告".encode() + b"</h1>").hexdigest()}"'
    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("/", "public, max-age=0, must-revalidate"),
        ("/assets/chrome.json", "public, max-age=0, must-revalidate"),
        ("/assets/site.0123abcd.css", "public, max-age=31536000, immutable"),
        ("/files/ab/abce.pdf", "public, max-age=86400"),
        ("/nothing", "no-store"),
    ],
)
def test_what_is_named_by_its_hash_is_kept_for_ever_and_pages_are_asked_for_again(client, address, rule):
    assert client.get(address, buffered=True).headers["Cache-Control"] == rule


def test_an_attachment_a_browser_might_run_is_only_offered_for_download(client, tree):
    (tree / "files/ab/abcf.html").write_text("<script>1</script>", encoding="utf-8")

    def shown(name):
        return client.get(f"/files/ab/{name}", buffered=True).headers.get("Content-Disposition", "")

    assert shown("abcf.html").startswith("attachment")
    assert shown("abcd.docx").startswith("attachment")
    assert "attachment" not in shown("abce.pdf")


def test_pages_may_only_be_read(client):
    assert client.post("/").status_code == 405
    assert client.head("/").status_code == 200


def test_before_the_first_release_the_answer_says_what_to_do(make_app):
    answer = make_app("site").test_client().get("/")

    assert answer.status_code == 404
    assert "flask site build" in answer.text


def test_security_headers_come_with_every_page(client):
    for address in ("/", "/nothing"):
        headers = client.get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
