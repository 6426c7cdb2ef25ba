"""Deploying to S3-compatible storage: a real server over HTTP, and the requests it saw."""

import io
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import boto3
import botocore.session
import pytest
import urllib3
from botocore.awsrequest import AWSResponse
from moto.server import ThreadedMotoServer

from publisher.deploy import DeployError, DeployOptions, TreeFile, s3
from publisher.order import rank
from tests.publisher.trees import COUNTY, LATER, LiveTree, broken_links, contents, deployed

LOADER = botocore.session.create_loader()
ROOT = Path(__file__).parent.parent.parent
BUCKET, PREFIX = "qingya", "www/site"
TARGET = f"s3://{BUCKET}/{PREFIX}"
MANIFEST, JOURNAL = ".zhuanlan-manifest.json", ".zhuanlan-journal.json"


class Raw(io.BytesIO):
    """The body of an answer, empty."""

    def stream(self, **_):
        yield b""


class Storage(ThreadedMotoServer):
    """moto's server on this machine, which notes method and path of each request that changes something."""

    def __init__(self):
        super().__init__(ip_address="127.0.0.1", port=0, verbose=False)
        self.seen: list[tuple[str, str]] = []
        self.start()
        assert self._server is not None
        self._answer, self._server.app = self._server.app, self.note
        self.url = f"http://127.0.0.1:{self._server.port}"

    def note(self, environ, start_response):
        if environ["REQUEST_METHOD"] in ("PUT", "POST", "DELETE"):
            path = environ["PATH_INFO"].encode("latin-1").decode().removeprefix(f"/{BUCKET}/{PREFIX}/")
            self.seen.append((environ["REQUEST_METHOD"], path))
        return self._answer(environ, start_response)


@pytest.fixture(scope="module")
def storage():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    storage = Storage()
    yield storage
    storage.stop()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    # The description of Amazon's services is read once, not once a client.
    monkeypatch.setattr(botocore.session, "create_loader", lambda *_: LOADER)


@pytest.fixture
def tree(tmp_path):
    return LiveTree(tmp_path / "tree")


@pytest.fixture
def options(tmp_path, storage):
    return DeployOptions(work_folder=tmp_path / "work", s3_endpoint=storage.url)


@pytest.fixture
def bucket(storage):
    """An empty bucket, by its client."""
    urllib3.request("POST", f"{storage.url}/moto-api/reset")
    client = boto3.client("s3", endpoint_url=storage.url, region_name="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    return client


def stored(client) -> dict[str, bytes]:
    """What the bucket holds below the prefix, notes aside."""
    listed = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    keys = [each["Key"] for each in listed]
    assert all(key.startswith(f"{PREFIX}/") for key in keys)
    paths = [key.removeprefix(f"{PREFIX}/") for key in keys]
    return {path: body(client, path) for path in paths if not path.startswith(".")}


def body(client, path):
    return client.get_object(Bucket=BUCKET, Key=f"{PREFIX}/{path}")["Body"].read()


def without_twins(tree: LiveTree) -> dict[str, bytes]:
    return {
        path: content for path, content in contents(tree.folder).items() if not path.endswith((".gz", ".br"))
    }


def test_the_storage_then_holds_the_tree_without_twins_and_marks(tree, bucket, options):
    tree.put("xxgk/2/gone", "")

    report = deployed(tree, TARGET, options)

    held = stored(bucket)
    assert held == {path: text.encode() for path, text in COUNTY.items()}
    assert (report.added, report.bytes) == (len(COUNTY), sum(map(len, held.values())))
    assert report.target == TARGET


def test_a_second_deploy_moves_nothing(tree, bucket, options, storage):
    deployed(tree, TARGET, options)
    storage.seen.clear()

    report = deployed(tree, f"s3:{BUCKET}/{PREFIX}/", options)

    assert (report.bytes, report.unchanged) == (0, len(COUNTY))
    assert storage.seen == []


def test_only_the_difference_is_moved_in_the_order_of_the_stages(tree, bucket, options, storage):
    deployed(tree, TARGET, options)
    tree.become(LATER)
    storage.seen.clear()

    report = deployed(tree, TARGET, options)

    assert stored(bucket) == without_twins(tree)
    assert (report.added, report.changed, report.removed) == (3, 5, 3)
    seen = storage.seen
    assert (seen[0], seen[-2:]) == (("PUT", JOURNAL), [("PUT", MANIFEST), ("DELETE", JOURNAL)])
    moved = seen[1:-2]
    assert {path for _, path in moved} == {
        path for path in {*COUNTY, *LATER} if COUNTY.get(path) != LATER.get(path)
    }
    puts = [path for method, path in moved if method == "PUT"]
    assert [method for method, _ in moved] == ["PUT"] * len(puts) + ["DELETE"] * 3
    added = [path for path in puts if path not in COUNTY and rank(path) in (1, 2, 3, 4)]
    changed = [path for path in puts if path in COUNTY and rank(path) in (1, 2, 3, 4)]
    assert puts == ["assets/site.89abcdef.css", *added, *changed, "assets/chrome.json"]
    assert [rank(path) for path in added] == sorted(rank(path) for path in added)
    assert [rank(path) for path in changed] == sorted(rank(path) for path in changed)
    removed = [rank(path) for method, path in moved if method == "DELETE"]
    assert removed == sorted(removed, reverse=True)


@pytest.mark.parametrize(
    ("path", "kind", "keeping", "disposition"),
    [
        ("index.html", "text/html; charset=utf-8", "public, max-age=0, must-revalidate", None),
        ("xxgk/1/index.html", "text/html; charset=utf-8", "public, max-age=0, must-revalidate", None),
        ("feed.xml", "application/atom+xml; charset=utf-8", "public, max-age=0, must-revalidate", None),
        ("assets/chrome.json", "application/json", "public, max-age=0, must-revalidate", None),
        ("assets/site.01234567.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable", None),
        ("files/ab/abcd.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         "public, max-age=86400", "attachment"),
        ("files/ab/abce.pdf", "application/pdf", "public, max-age=86400", None),
        ("old/show.jsp", "text/html; charset=utf-8", "public, max-age=0, must-revalidate", None),
    ],
)  # fmt: skip
def test_each_kind_is_stored_with_its_type_and_how_long_it_may_be_kept(
    tree, bucket, options, path, kind, keeping, disposition
):
    tree.put("files/ab/abce.pdf", "%PDF-1.4")
    tree.put("old/show.jsp", "<h1>已移至新地址</h1>")
    deployed(tree, TARGET, options)

    there = bucket.head_object(Bucket=BUCKET, Key=f"{PREFIX}/{path}")

    assert (there["ContentType"], there["CacheControl"]) == (kind, keeping)
    assert there.get("ContentDisposition") == disposition


def test_the_manifest_is_kept_by_no_cache(tree, bucket, options):
    deployed(tree, TARGET, options)

    there = bucket.head_object(Bucket=BUCKET, Key=f"{PREFIX}/{MANIFEST}")

    assert there["CacheControl"] == "no-store"


def test_a_big_file_arrives_in_parts_and_is_known_again(tree, bucket, options):
    big = os.urandom(1024) * 1024 * 20
    tree.put("files/ab/big.pdf", big)
    deployed(tree, TARGET, options)
    assert body(bucket, "files/ab/big.pdf") == big
    assert "-" in bucket.head_object(Bucket=BUCKET, Key=f"{PREFIX}/files/ab/big.pdf")["ETag"]
    bucket.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/{MANIFEST}")

    assert deployed(tree, TARGET, options).bytes == 0


def test_without_a_manifest_the_objects_are_looked_at(tree, bucket, options):
    deployed(tree, TARGET, options)
    page = COUNTY["xxgk/1/index.html"].encode()
    put = {
        "Bucket": BUCKET,
        "ContentType": "text/html; charset=utf-8",
        "CacheControl": "public, max-age=0, must-revalidate",
    }
    bucket.put_object(**put, Key=f"{PREFIX}/{MANIFEST}", Body=b"{")
    bucket.put_object(**put, Key=f"{PREFIX}/xxgk/1/index.html", Body=b"x" * len(page))
    bucket.put_object(
        Bucket=BUCKET, Key=f"{PREFIX}/feed.xml", Body=COUNTY["feed.xml"].encode()
    )  # as another tool does
    bucket.delete_object(Bucket=BUCKET, Key=f"{PREFIX}/404.html")

    report = deployed(tree, TARGET, options)

    assert stored(bucket) == without_twins(tree)
    assert (report.added, report.changed) == (1, 2)
    assert bucket.head_object(Bucket=BUCKET, Key=f"{PREFIX}/feed.xml")["ContentType"].startswith(
        "application/atom+xml"
    )
    assert deployed(tree, TARGET, options).bytes == 0


def test_objects_of_others_are_not_removed_unless_the_operator_says_so(tree, bucket, options):
    bucket.put_object(Bucket=BUCKET, Key=f"{PREFIX}/photo.jpg", Body=b"mine")

    with pytest.raises(DeployError, match=r"photo\.jpg.*--take-over"):
        deployed(tree, TARGET, options)
    assert stored(bucket) == {"photo.jpg": b"mine"}

    deployed(tree, TARGET, DeployOptions(options.work_folder, options.s3_endpoint, take_over=True))
    assert stored(bucket) == without_twins(tree)


def test_folders_that_a_console_has_made_are_no_files(tree, bucket, options):
    for key in (f"{PREFIX}/", f"{PREFIX}/xxgk/"):
        bucket.put_object(Bucket=BUCKET, Key=key, Body=b"")

    assert deployed(tree, TARGET, options).is_complete


def test_beside_the_prefix_nothing_is_touched(tree, bucket, options):
    bucket.put_object(Bucket=BUCKET, Key="www/site2/index.html", Body=b"of another site")
    bucket.put_object(Bucket=BUCKET, Key="www/site.html", Body=b"of another site")

    deployed(tree, TARGET, DeployOptions(options.work_folder, options.s3_endpoint, take_over=True))

    assert bucket.head_object(Bucket=BUCKET, Key="www/site2/index.html")
    assert bucket.head_object(Bucket=BUCKET, Key="www/site.html")


@pytest.mark.parametrize(
    ("operation", "limits"), [("PutObject", (0, 1, 4, 6, 8, 9)), ("DeleteObject", (0, 2, 3))]
)
def test_a_deploy_that_fails_anywhere_is_completed_by_the_next(
    tree, bucket, options, monkeypatch, operation, limits
):
    monkeypatch.setattr(s3, "AT_ONCE", 1)
    whole, count = s3._client, 0
    for limit in limits:
        tree.become(COUNTY)
        deployed(tree, TARGET, options)
        tree.become(LATER)

        def failing(given, limit=limit):
            client = whole(given)

            def fail(**_):
                nonlocal count
                count += 1
                if count > limit:
                    raise ConnectionResetError

            client.meta.events.register(f"before-send.s3.{operation}", fail)
            return client

        count = 0
        with monkeypatch.context() as patched:
            patched.setattr(s3, "_client", failing)
            with pytest.raises(ConnectionResetError):
                deployed(tree, TARGET, options)
        assert broken_links(stored(bucket), COUNTY) == []
        tree.become((COUNTY, LATER)[limit % 2])  # what was begun may have been taken back
        deployed(tree, TARGET, options)
        assert stored(bucket) == without_twins(tree)
    assert deployed(tree, TARGET, options).bytes == 0


def test_a_deploy_that_was_killed_is_completed_by_the_next(tree, bucket, options):
    """kill -9 of a process of its own, after some objects have arrived."""
    script = (
        "import os, signal, sys; from pathlib import Path; from publisher.deploy import s3\n"
        "from tests.publisher.trees import *\n"
        "whole, left = s3._client, int(sys.argv[4])\n"
        "def die(**_):\n"
        "    global left\n"
        "    left -= 1\n"
        "    left >= 0 or os.kill(os.getpid(), signal.SIGKILL)\n"
        "def client(options):\n"
        "    made = whole(options)\n"
        "    made.meta.events.register('before-send.s3.PutObject', die)\n"
        "    return made\n"
        "s3._client = client\n"
        "tree = object.__new__(LiveTree); tree.folder = Path(sys.argv[1])\n"
        f"deployed(tree, {TARGET!r}, DeployOptions(Path(sys.argv[2]), sys.argv[3]))\n"
    )

    for state, limit in ((COUNTY, 5), (LATER, 4)):
        tree.become(state)
        words = [script, str(tree.folder), str(options.work_folder), options.s3_endpoint, str(limit)]
        died = subprocess.run([sys.executable, "-c", *words], cwd=ROOT, check=False)
        assert died.returncode == -signal.SIGKILL
        assert stored(bucket) != without_twins(tree)
        report = deployed(tree, TARGET, options)
        assert stored(bucket) == without_twins(tree)
        assert 0 < report.bytes < sum(map(len, stored(bucket).values()))


def test_a_storage_that_stumbles_is_asked_again(tree, bucket, options, monkeypatch):
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    answers = []
    whole = s3._client

    def stumbling(given):
        client = whole(given)

        def stumble(request, **_):
            if request.url.endswith("/xxgk/1/index.html") and len(answers) < 2:
                answers.append(503)
                return AWSResponse(request.url, 503, {}, Raw())
            return None

        client.meta.events.register("before-send.s3.PutObject", stumble)
        return client

    monkeypatch.setattr(s3, "_client", stumbling)

    assert deployed(tree, TARGET, options).is_complete
    assert answers == [503, 503]
    assert stored(bucket) == without_twins(tree)


def test_names_arrive_as_they_are(tree, bucket, options):
    for name in ("旧 址/a b.html", "a?b#c%20.html", "<script>'\".html", "a+b&c=d.html", "#x;y.html"):
        tree.put(name, "<h1>旧</h1>")

    deployed(tree, TARGET, options)

    assert stored(bucket) == without_twins(tree)
    tree.become(COUNTY)
    deployed(tree, TARGET, options)
    assert stored(bucket) == without_twins(tree)


@pytest.mark.parametrize(
    ("target", "at", "cure"),
    [
        ("s3://nowhere-at-all", None, "存储桶不存在"), (TARGET, "not an address", "ZHUANLAN_S3_ENDPOINT"),
        (TARGET, "http://127.0.0.1:9", "无法访问"),
    ],
)  # fmt: skip
def test_a_storage_that_cannot_be_used_is_refused_with_the_cure(tree, bucket, options, target, at, cure):
    given = DeployOptions(options.work_folder, at or options.s3_endpoint, tries=1)

    with pytest.raises(DeployError, match=cure):
        deployed(tree, target, given)


def test_without_credentials_the_operator_is_told_where_to_put_them(tree, bucket, options, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(options.work_folder / "none"))

    with pytest.raises(DeployError, match="AWS_ACCESS_KEY_ID"):
        deployed(tree, TARGET, options)


def test_what_changes_while_we_deploy_waits(tree, bucket, options):
    deployed(tree, TARGET, options)
    tree.become(LATER)
    wrong = [
        TreeFile(file.path, "0" * 64, 1) if file.path == "xxgk/3/index.html" else file
        for file in tree.files()
    ]

    report = deployed(tree, TARGET, options, files=wrong)

    assert report.changed_meanwhile == ("xxgk/3/index.html",)
    assert "xxgk/3/index.html" not in stored(bucket)
    assert body(bucket, "index.html") == COUNTY["index.html"].encode()
    assert deployed(tree, TARGET, options).is_complete
    assert stored(bucket) == without_twins(tree)
