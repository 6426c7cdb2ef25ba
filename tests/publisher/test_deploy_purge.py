"""The caches in front of the site are told what to fetch anew, and no failure of theirs is lost."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from publisher.deploy import DeployError, DeployOptions, Purge
from publisher.deploy.purge import addresses_of
from tests.publisher.trees import COUNTY, LATER, LiveTree, deployed


class Cache:
    """A webhook on this machine; `answers` are its statuses, the last for ever."""

    def __init__(self):
        self.calls, self.answers, self.headers = [], [200], []
        cache = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                cache.calls.append(json.loads(body))
                cache.headers.append(dict(self.headers))
                self.send_response(cache.answers.pop(0) if len(cache.answers) > 1 else cache.answers[0])
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/purge"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def cache():
    cache = Cache()
    yield cache
    cache.server.shutdown()
    cache.server.server_close()


@pytest.fixture
def purge(cache):
    return Purge(cache.url, "top-secret", pause_s=0)


@pytest.fixture
def site(tmp_path, purge):
    """Deploys the tree it is given to one folder, with purge."""
    (tmp_path / "www").mkdir()
    tree = LiveTree(tmp_path / "tree")

    def deploy_to(state=None, **given):
        if state:
            tree.become(state)
        return deployed(
            tree, str(tmp_path / "www"), DeployOptions(tmp_path / "work", purge=given.get("purge", purge))
        )

    return deploy_to


def test_the_addresses_that_changed_or_went_are_purged_once_the_files_are_there(site, cache):
    site()
    assert cache.calls == []  # a site that is new is in no cache

    report = site({**LATER, "xxgk/2/gone": ""})

    assert report.is_complete
    assert cache.calls == [
        {
            "release": "r",
            "paths": [
                "/", "/assets/chrome.json", "/assets/site.01234567.css", "/files/ab/abcd.docx", "/xxgk/", "/xxgk/1/",
                "/xxgk/2/", "/xxgk/c/gfxwj/",
            ],
        }
    ]  # fmt: skip
    assert cache.headers[0]["Authorization"] == "Bearer top-secret"
    site()
    assert len(cache.calls) == 1


def test_purging_goes_in_calls_of_at_most_500_addresses(cache, purge):
    assert purge.send("r", [f"/{number}" for number in range(1201)]) == ""

    assert [len(call["paths"]) for call in cache.calls] == [500, 500, 201]


def test_a_cache_that_is_busy_is_asked_again(cache, purge):
    cache.answers = [503, 429, 200]

    assert purge.send("r", ["/a"]) == ""
    assert len(cache.calls) == 3


@pytest.mark.parametrize(("status", "calls"), [(403, 1), (500, 4), (302, 1)])
def test_a_cache_that_refuses_is_reported_and_a_redirect_gets_no_token(cache, purge, status, calls):
    cache.answers = [status]

    assert str(status) in purge.send("r", ["/a"])
    assert len(cache.calls) == calls


def test_what_could_not_be_purged_is_purged_by_the_next_deploy(site, cache):
    site()
    cache.answers = [500]

    report = site(LATER)
    assert (report.purge_failure, report.is_complete) == ("缓存服务回答 500", False)

    cache.answers, cache.calls = [200], []
    report = site()
    assert (report.is_complete, report.bytes) == (True, 0)
    assert "/xxgk/1/" in cache.calls[0]["paths"]
    site()
    assert len(cache.calls) == 1


def test_what_a_killed_deploy_did_not_purge_is_purged_by_the_next(site, cache, monkeypatch):
    site()

    def die(self, release, addresses):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Purge, "send", die)
        with pytest.raises(KeyboardInterrupt):
            site(LATER)

    assert site().bytes == 0
    assert "/xxgk/1/" in cache.calls[0]["paths"]


def test_a_cache_that_cannot_be_reached_is_reported_without_the_token():
    gone = Purge("http://127.0.0.1:9/purge", "top-secret", pause_s=0)

    failure = gone.send("r", ["/a"])

    assert "无法连接" in failure
    assert "top-secret" not in failure + repr(gone)


@pytest.mark.parametrize(
    "url", ["http://cdn.example/purge", "ftp://cdn.example", "cdn.example", "https://u:p@cdn.example/"]
)
def test_a_token_is_sent_to_no_address_that_cannot_be_trusted(url):
    with pytest.raises(DeployError):
        Purge(url, "top-secret")


def test_addresses_are_written_as_browsers_ask_for_them():
    paths = [
        "index.html",
        "xxgk/1/index.html",
        "xxgk/1/gone",
        "xxgk/c/a/2.html",
        "旧 址/a?b#c%.html",
        "feed.xml",
    ]

    assert addresses_of(paths) == [
        "/", "/%E6%97%A7%20%E5%9D%80/a%3Fb%23c%25.html", "/feed.xml", "/xxgk/1/", "/xxgk/c/a/2.html",
    ]  # fmt: skip


def test_without_a_cache_nothing_is_owed_to_one(site, cache, purge):
    site(COUNTY, purge=None)
    site(LATER, purge=None)
    site()

    assert cache.calls == []
