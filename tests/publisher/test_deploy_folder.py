"""Deploying to a folder: only the difference, in order, completed if interrupted, and nothing else touched."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher.deploy import DeployError, DeployOptions, TargetBusyError, TreeFile, folder
from publisher.order import rank
from tests.publisher.trees import (
    COUNTY,
    LATER,
    LiveTree,
    broken_links,
    contents,
    deployed,
    replace,
    stale_twins,
)

MANIFEST, JOURNAL = ".zhuanlan-manifest.json", ".zhuanlan-journal.json"
ROOT = Path(__file__).parent.parent.parent


class Interrupted(BaseException):
    """In place of a crash."""


@pytest.fixture(autouse=True)
def _no_wait_for_the_disk(monkeypatch):
    """The disk of this machine is busy with other tests."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture
def tree(tmp_path):
    return LiveTree(tmp_path / "tree")


@pytest.fixture
def www(tmp_path):
    (tmp_path / "www").mkdir()
    return tmp_path / "www"


@pytest.fixture
def options(tmp_path):
    return DeployOptions(work_folder=tmp_path / "work")


def test_the_target_then_holds_the_tree_with_its_compressed_twins(tree, www, options):
    report = deployed(tree, f"folder:{www}", options)

    assert contents(www) == contents(tree.folder)
    assert (report.added, report.changed, report.removed, report.unchanged) == (len(COUNTY), 0, 0, 0)
    assert report.bytes == sum(map(len, contents(tree.folder).values()))
    assert sorted(file.name for file in www.iterdir() if file.name.startswith(".")) == [MANIFEST]


def test_a_second_deploy_moves_nothing(tree, www, options):
    deployed(tree, str(www), options)
    before = {file: file.stat().st_ino for file in www.rglob("*")}

    report = deployed(tree, str(www), options)

    assert (report.bytes, report.added, report.changed, report.removed, report.unchanged) == (
        0,
        0,
        0,
        0,
        len(COUNTY),
    )
    assert {file: file.stat().st_ino for file in www.rglob("*")} == before


def test_only_the_difference_is_moved(tree, www, options):
    deployed(tree, str(www), options)
    tree.become(LATER)
    before = {file: file.stat().st_ino for file in www.rglob("*.*") if file.is_file()}

    report = deployed(tree, str(www), options)

    same = {path for path in COUNTY if COUNTY[path] == LATER.get(path)}
    assert contents(www) == contents(tree.folder)
    assert all((www / path).stat().st_ino == before[www / path] for path in same)
    assert (report.added, report.changed, report.removed) == (3, 5, 3)
    assert report.unchanged == len(same)
    assert not (www / "files").exists()


def test_a_trial_run_tells_what_would_move_and_touches_nothing(tree, www, options):
    trial = deployed(tree, str(www), options, dry_run=True)

    assert list(www.iterdir()) == []
    assert {path for _, path in trial.moves} == set(COUNTY)
    done = deployed(tree, str(www), options)
    assert (trial.added, trial.bytes, trial.moves) == (done.added, done.bytes, done.moves)


def test_the_document_of_a_deploy_has_the_keys_of_the_contract(tree, www, options):
    assert list(deployed(tree, str(www), options).as_json()) == [
        "target", "release", "added", "changed", "removed", "bytes", "seconds", "unchanged", "changed_meanwhile",
        "dry_run",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "damage", [None, b"", b"{", b'{"format": 9, "files": {}}', b'{"format": 1, "files": {"a": 1}}']
)
def test_without_a_manifest_that_can_be_read_the_files_are_looked_at(tree, www, options, damage):
    deployed(tree, str(www), options)
    (www / MANIFEST).unlink()
    if damage is not None:
        (www / MANIFEST).write_bytes(damage)
    replace(www / "xxgk/1/index.html", b"x" * len(COUNTY["xxgk/1/index.html"].encode()))
    replace(www / "xxgk/2/index.html.gz", (www / "xxgk/1/index.html.gz").read_bytes())

    report = deployed(tree, str(www), options)

    assert contents(www) == contents(tree.folder)
    assert report.changed == 1
    again = ("xxgk/1/index.html", "xxgk/1/index.html.gz", "xxgk/1/index.html.br", "xxgk/2/index.html.gz")
    assert report.bytes == sum((tree.folder / path).stat().st_size for path in again)
    assert deployed(tree, str(www), options).bytes == 0


def test_asked_to_compare_a_deploy_believes_no_manifest(tree, www, options):
    deployed(tree, str(www), options)
    replace(www / "xxgk/1/index.html", b"altered")
    (www / "xxgk/2/index.html").unlink()

    assert deployed(tree, str(www), options).bytes == 0
    report = deployed(tree, str(www), DeployOptions(options.work_folder, compare=True))

    assert (report.added, report.changed) == (1, 1)
    assert contents(www) == contents(tree.folder)


def test_files_of_others_are_not_removed_unless_the_operator_says_so(tree, www, options):
    (www / "photos").mkdir()
    (www / "photos/1.jpg").write_bytes(b"mine")

    with pytest.raises(DeployError, match=r"photos/1\.jpg.*--take-over"):
        deployed(tree, str(www), options)
    assert list(contents(www)) == ["photos/1.jpg"]

    deployed(tree, str(www), DeployOptions(options.work_folder, take_over=True))
    assert contents(www) == contents(tree.folder)


def test_files_put_beside_the_site_later_stay(tree, www, options):
    deployed(tree, str(www), options)
    (www / "verification.txt").write_bytes(b"by the operator")

    tree.become(LATER)
    deployed(tree, str(www), options)
    deployed(tree, str(www), DeployOptions(options.work_folder, compare=True))

    assert contents(www) == {**contents(tree.folder), "verification.txt": b"by the operator"}


def test_a_twin_the_tree_no_longer_has_goes_before_its_file_is_replaced(tree, www, options, monkeypatch):
    deployed(tree, str(www), options)
    tree.put("xxgk/1/index.html", "<h1>已撤回</h1>", twins=False)
    tree.drop_twins("xxgk/2/index.html")
    seen = watch(monkeypatch, lambda: stale_twins(contents(www)))

    report = deployed(tree, str(www), options)

    assert seen
    assert not any(seen)
    assert contents(www) == contents(tree.folder)
    assert (report.changed, report.bytes) == (1, len("<h1>已撤回</h1>".encode()))
    assert deployed(tree, str(www), options).bytes == 0


def test_a_twin_that_is_written_later_follows_alone(tree, www, options):
    tree.put("xxgk/9/index.html", "<h1>九</h1>", twins=False)
    deployed(tree, str(www), options)
    tree.put("xxgk/9/index.html", "")
    tree.put("xxgk/9/index.html", "<h1>九</h1>")

    report = deployed(tree, str(www), options)

    assert contents(www) == contents(tree.folder)
    assert (report.changed, report.bytes) == (
        0, sum((tree.folder / f"xxgk/9/index.html{end}").stat().st_size for end in (".gz", ".br"))
    )  # fmt: skip


def test_a_twin_that_is_not_its_files_own_is_not_carried(tree, www, options):
    replace(tree.folder / "index.html.gz", (tree.folder / "404.html.gz").read_bytes())
    replace(tree.folder / "index.html.br", b"not compressed at all")

    deployed(tree, str(www), options)

    assert stale_twins(contents(www)) == []
    assert not (www / "index.html.gz").exists()


def watch(monkeypatch, look):
    """What a reader would see before and after each change of the target."""
    seen = []
    for name in ("replace", "unlink"):
        whole = getattr(os, name)

        def watched(*given, whole=whole, **named):
            seen.append(look())
            whole(*given, **named)
            seen.append(look())

        monkeypatch.setattr(os, name, watched)
    return seen


def test_at_no_moment_does_a_reader_follow_a_link_to_nothing(tree, www, options, monkeypatch):
    first = watch(monkeypatch, lambda: broken_links(contents(www)))
    deployed(tree, str(www), options)
    tree.become(LATER)
    monkeypatch.undo()
    later = watch(monkeypatch, lambda: broken_links(contents(www), COUNTY))
    deployed(tree, str(www), options)

    assert (len(first), len(later)) > (60, 60)
    assert not [moment for moment in (*first, *later) if moment]


def test_files_arrive_in_the_order_of_the_stages(tree, www, options, monkeypatch):
    placed = []
    whole = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (placed.append(Path(b)), whole(a, b)))

    deployed(tree, str(www), options)

    paths = [file.relative_to(www).as_posix() for file in placed]
    ranks = [rank(path) for path in paths if not path.startswith(".")]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 6
    assert (paths[0], paths[-1]) == (JOURNAL, MANIFEST)


def test_the_manifest_is_written_only_when_the_rest_is_on_the_disk(tree, www, options, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "sync", lambda: synced.append((set(contents(www)), (www / MANIFEST).exists())))

    deployed(tree, str(www), options)

    assert synced == [(tree.paths(), False)]


def test_what_changes_while_we_deploy_waits_with_all_that_may_lead_to_it(tree, www, options):
    deployed(tree, str(www), options)
    tree.become(LATER)
    files = tree.files()
    tree.put("xxgk/3/index.html", "<h1>又改了</h1>")
    (tree.folder / "xxgk/2/index.html").unlink()

    report = deployed(tree, str(www), options, files=files)

    assert report.changed_meanwhile == ("xxgk/3/index.html",)
    assert not report.is_complete
    assert (report.added, report.changed, report.removed) == (1, 0, 0)
    assert broken_links(contents(www), COUNTY) == []
    assert (www / "index.html").read_text() == COUNTY["index.html"]

    tree.put("xxgk/2/index.html", LATER["xxgk/2/index.html"])
    assert deployed(tree, str(www), options).is_complete
    assert contents(www) == contents(tree.folder)
    assert not (www / JOURNAL).exists()


def test_bytes_of_another_version_never_arrive(tree, www, options, monkeypatch):
    """The file is replaced after it was checked and before it is copied."""
    files = tree.files()
    whole = folder.FolderTarget.send

    def send(self, stage, pieces):
        for piece in pieces:
            replace(tree.folder / piece.path, b"of another version")
        whole(self, stage, pieces)

    monkeypatch.setattr(folder.FolderTarget, "send", send)
    deployed(tree, str(www), options, files=files)

    held = contents(www)
    assert {path: len(held[path]) for path in COUNTY} == {file.path: file.size_bytes for file in files}
    assert b"of another version" not in held.values()


@pytest.mark.parametrize("name", ["replace", "unlink"])
def test_a_deploy_interrupted_anywhere_is_completed_by_the_next(tmp_path, www, options, monkeypatch, name):
    tree = LiveTree(tmp_path / "tree")
    whole, count, died = getattr(os, name), 0, 0
    for limit in range(100):
        tree.become(COUNTY)
        deployed(tree, str(www), options)
        tree.become(LATER)

        def counted(*given, limit=limit, **named):
            nonlocal count
            count += 1
            if count > limit:
                raise Interrupted
            whole(*given, **named)

        count = 0
        with monkeypatch.context() as patched:
            patched.setattr(os, name, counted)
            try:
                deployed(tree, str(www), options)
                break
            except Interrupted:
                died += 1
        left = contents(www)
        assert (broken_links(left, COUNTY), stale_twins(left)) == ([], [])
        tree.become((COUNTY, LATER)[limit % 2])  # what was begun may have been taken back
        deployed(tree, str(www), options)
        assert contents(www) == contents(tree.folder)
        assert deployed(tree, str(www), options).bytes == 0
    assert died >= 9


def test_a_deploy_that_was_killed_is_completed_by_the_next(tree, www, options, tmp_path):
    """kill -9 in a process of its own, in the first deploy and in a later one."""
    script = (
        "import os, signal, sys; from pathlib import Path; from tests.publisher.trees import *\n"
        "whole, left = os.replace, int(sys.argv[4])\n"
        "def replace_or_die(a, b):\n"
        "    global left\n"
        "    left -= 1\n"
        "    whole(a, b) if left >= 0 else os.kill(os.getpid(), signal.SIGKILL)\n"
        "tree = object.__new__(LiveTree); tree.folder = Path(sys.argv[1]); os.replace = replace_or_die\n"
        "deployed(tree, sys.argv[2], DeployOptions(Path(sys.argv[3])))\n"
    )

    for state, limit in ((COUNTY, 7), (LATER, 6)):
        tree.become(state)
        words = [script, str(tree.folder), str(www), str(options.work_folder), str(limit)]
        died = subprocess.run([sys.executable, "-c", *words], cwd=ROOT, check=False)
        assert died.returncode == -signal.SIGKILL
        assert contents(www) != contents(tree.folder)
        report = deployed(tree, str(www), options)
        assert [left for left in options.work_folder.iterdir() if left.is_dir()] == []
        assert contents(www) == contents(tree.folder)
        assert 0 < report.bytes < sum(map(len, contents(tree.folder).values()))


def test_after_an_interruption_only_what_is_in_doubt_is_looked_at(tree, www, options, monkeypatch):
    deployed(tree, str(www), options)
    (www / JOURNAL).write_text(
        json.dumps({"release": "r", "paths": ["xxgk/1/index.html", "xxgk/8/index.html"], "purge": []})
    )
    replace(www / "xxgk/1/index.html", b"half done")
    replace(www / "xxgk/8/index.html", b"of the deploy that died")
    read = []
    whole = folder.is_plain
    monkeypatch.setattr(folder, "is_plain", lambda file, digest: (read.append(file), whole(file, digest))[1])

    deployed(tree, str(www), options)

    assert contents(www) == contents(tree.folder)
    assert set(read) <= {www / "xxgk/1/index.html"}


TEXTS = st.sampled_from(["", "a", "b", "c" * 5000])
TREES = st.dictionaries(
    st.sampled_from(
        [
            "a",
            "a/index.html",
            "b/index.html",
            "xxgk/1/index.html",
            "xxgk/1/gone",
            "assets/x.css",
            "index.html",
        ]
    ),
    TEXTS,
    max_size=6,
).filter(lambda files: not {"a", "a/index.html"} <= files.keys())


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TREES, st.integers(0, 12)), min_size=1, max_size=6))
def test_whatever_is_deployed_and_interrupted_in_whatever_order_the_end_is_the_tree(tmp_path_factory, rounds):
    folder = tmp_path_factory.mktemp("random")
    www, options = folder / "www", DeployOptions(folder / "work")
    www.mkdir()
    tree = LiveTree(folder / "tree", {})
    whole = os.replace
    for files, limit in rounds:
        tree.become({})
        tree.become(files)
        left = limit

        def counted(a, b):
            nonlocal left
            left -= 1
            if left < 0:
                raise Interrupted
            whole(a, b)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(os, "replace", counted)
            try:
                deployed(tree, str(www), options)
            except Interrupted:
                assert stale_twins(contents(www)) == []

    deployed(tree, str(www), options)

    assert contents(www) == contents(tree.folder)
    assert deployed(tree, str(www), options).bytes == 0


def test_a_file_may_become_a_folder_and_a_folder_a_file(tree, www, options):
    tree.put("old", "<h1>旧址</h1>")
    tree.put("older/index.html", "<h1>旧址</h1>")
    deployed(tree, str(www), options)
    tree.become({**COUNTY, "old/index.html": "<h1>新</h1>", "older": "<h1>新</h1>"})

    deployed(tree, str(www), options)

    assert contents(www) == contents(tree.folder)


def test_other_bytes_never_have_the_tag_of_the_bytes_before(tree, www, options):
    """nginx makes the tag of size and seconds; a page may be published twice within one."""
    page = tree.folder / "xxgk/1/index.html"
    tree.put("xxgk/1/index.html", "<h1>5日</h1>")
    os.utime(page, ns=(7 * 10**9, 7 * 10**9 + 5))
    deployed(tree, str(www), options)
    first = (www / "xxgk/1/index.html").stat()
    tree.put("xxgk/1/index.html", "<h1>6日</h1>")
    os.utime(page, ns=(7 * 10**9, 7 * 10**9 + 9))
    deployed(tree, str(www), options)
    second = (www / "xxgk/1/index.html").stat()

    assert int(first.st_mtime) == 7
    assert first.st_size == second.st_size
    assert int(first.st_mtime) < int(second.st_mtime)


def test_readers_may_read_what_arrives_and_nobody_the_notes(tree, www, options):
    umask = os.umask(0o077)
    try:
        deployed(tree, str(www), options)
    finally:
        os.umask(umask)

    assert (www / MANIFEST).stat().st_mode & 0o777 == 0o600
    assert {file.stat().st_mode & 0o777 for file in www.rglob("*.html")} == {0o644}
    assert {file.stat().st_mode & 0o777 for file in www.rglob("*") if file.is_dir()} == {0o755}


def test_two_deploys_to_one_target_do_not_meet(tree, www, options, monkeypatch):
    whole = folder.FolderTarget.send

    def send(self, stage, pieces):
        with pytest.raises(TargetBusyError):
            deployed(tree, f"folder:{www}/.", options)
        whole(self, stage, pieces)

    monkeypatch.setattr(folder.FolderTarget, "send", send)

    assert deployed(tree, str(www), options).is_complete


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/x",
        "a/../../x",
        "",
        "a//b",
        "./x",
        ".zhuanlan-manifest.json",
        "a/.b",
        "a\nb",
        "a\0b",
        "a\\b",
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused_before_anything_moves(tree, www, options, path):
    wrong = TreeFile(path, hashlib.sha256(b"").hexdigest(), 0)

    with pytest.raises(DeployError, match="不能部署"):
        deployed(tree, str(www), options, files=[*tree.files(), wrong])

    assert list(www.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "endings"),
    [("../others/a.txt", []), ("xxgk/../../others/a.txt", []), ("assets", ["/../../others/a.txt"])],
)
def test_a_manifest_that_speaks_of_other_folders_removes_nothing_there(tree, www, options, path, endings):
    deployed(tree, str(www), options)
    others = www.parent / "others"
    others.mkdir()
    (others / "a.txt").write_bytes(b"mine")
    note = json.loads((www / MANIFEST).read_text())
    note["files"][path] = ["0" * 64, 4, *endings]
    (www / MANIFEST).write_text(json.dumps(note))

    deployed(tree, str(www), options)

    assert contents(others) == {"a.txt": b"mine"}
    assert contents(www) == contents(tree.folder)
    assert json.loads((www / MANIFEST).read_text())["files"].keys() == {file.path for file in tree.files()}


def test_a_link_in_the_tree_carries_nothing_out_of_it(tree, www, options, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    (tree.folder / "leak.txt").symlink_to(secret)

    report = deployed(tree, str(www), options)

    assert report.changed_meanwhile == ("leak.txt",)
    assert not (www / "leak.txt").exists()


@pytest.mark.parametrize(
    ("target", "cure"),
    [
        ("folder:relative", "完整路径"), ("/nowhere/at/all", "请先创建"), ("ftp://x", "看不懂"), ("", "看不懂"),
        ("folder:/a\nb", "看不懂"), ("s3:", "S3 目标"), ("s3://bucket/../x", "S3 目标"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_used_is_refused_with_the_cure(tree, options, target, cure):
    with pytest.raises(DeployError, match=cure):
        deployed(tree, target, options)


def test_the_live_tree_is_no_target(tree, options):
    for target in (tree.folder, tree.folder / "xxgk", tree.folder.parent):
        with pytest.raises(DeployError, match="重叠"):
            deployed(tree, str(target), options)
