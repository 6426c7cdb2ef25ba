"""Deploying by rsync, on this machine and over SSH."""

import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from publisher.deploy import DeployError, DeployOptions, rsync
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

pytestmark = pytest.mark.rsync
ROOT = Path(__file__).parent.parent.parent
MANIFEST, JOURNAL = ".zhuanlan-manifest.json", ".zhuanlan-journal.json"


@pytest.fixture
def tree(tmp_path):
    return LiveTree(tmp_path / "tree")


@pytest.fixture
def www(tmp_path):
    (tmp_path / "www").mkdir()
    return tmp_path / "www"


@pytest.fixture(scope="module")
def ssh(tmp_path_factory):
    """A remote shell to this machine: a real sshd with keys of its own, on a free port."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if sshd is None or shutil.which("ssh") is None:
        pytest.skip("install the package openssh-server")
    folder = tmp_path_factory.mktemp("ssh")
    for name in ("host", "own"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    shutil.copy(folder / "own.pub", folder / "authorized")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "known").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized\n"
        f"PidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen(
        [sshd, "-D", "-e", "-f", folder / "sshd_config"], stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    while "listening" not in (line := server.stderr.readline()):
        assert line, "sshd did not start"
    shell = f"ssh -F none -p {port} -i {folder}/own -o BatchMode=yes -o UserKnownHostsFile={folder}/known"
    # One connection serves all runs, as docs/operations.md advises.
    shell += f" -o ControlMaster=auto -o ControlPersist=60 -o ControlPath={folder}/m"
    yield shell
    subprocess.run([*shell.split(), "-O", "exit", "127.0.0.1"], stderr=subprocess.DEVNULL, check=False)
    server.terminate()
    server.wait()
    server.stderr.close()


@pytest.fixture
def way(www, tmp_path):
    """Name of the target and how to deploy to it."""
    return f"rsync:{www}", DeployOptions(work_folder=tmp_path / "work")


@pytest.fixture
def way_over_ssh(www, tmp_path, ssh):
    return f"rsync:{getpass.getuser()}@127.0.0.1:{www}", DeployOptions(tmp_path / "work", remote_shell=ssh)


def test_the_target_holds_the_tree_and_a_second_deploy_moves_nothing(tree, www, way):
    first = deployed(tree, *way)
    held = {file: (file.stat().st_ino, file.stat().st_ctime_ns) for file in www.rglob("*")}
    second = deployed(tree, *way)

    assert contents(www) == contents(tree.folder)
    assert (first.added, first.bytes) == (len(COUNTY), sum(map(len, contents(tree.folder).values())))
    assert (second.unchanged, second.bytes) == (len(COUNTY), 0)
    assert {file: (file.stat().st_ino, file.stat().st_ctime_ns) for file in www.rglob("*")} == held
    assert sorted(file.name for file in www.iterdir() if file.name.startswith(".")) == [MANIFEST]
    assert (www / MANIFEST).stat().st_mode & 0o777 == 0o600


def test_only_the_difference_is_moved_and_what_went_is_removed(tree, www, way):
    deployed(tree, *way)
    tree.become(LATER)
    tree.put("xxgk/2/index.html", "<h1>已撤回</h1>", twins=False)
    tree.drop_twins("404.html")

    report = deployed(tree, *way)

    assert contents(www) == contents(tree.folder)
    assert (report.added, report.changed, report.removed) == (3, 5, 3)
    assert deployed(tree, *way).bytes == 0


def test_without_a_manifest_the_files_are_looked_at(tree, www, way):
    deployed(tree, *way)
    (www / MANIFEST).unlink()
    replace(www / "xxgk/1/index.html", b"x" * len(COUNTY["xxgk/1/index.html"].encode()))
    replace(www / "xxgk/2/index.html.gz", b"not compressed")

    report = deployed(tree, *way)

    assert contents(www) == contents(tree.folder)
    assert (report.added, report.changed) == (0, 1)
    assert 0 < report.bytes < 500


def test_files_of_others_are_not_removed_unless_the_operator_says_so(tree, www, way):
    target, options = way
    replace(www / "old photos/1 2.jpg", b"mine")

    with pytest.raises(DeployError, match=r"old photos/1 2\.jpg.*--take-over"):
        deployed(tree, target, options)
    assert list(contents(www)) == ["old photos/1 2.jpg"]

    deployed(tree, target, DeployOptions(**{**vars(options), "take_over": True}))
    assert contents(www) == contents(tree.folder)


HOSTILE = (
    "#x;y.html", ";x.html", "-rf", "--delete", "旧 址/a  b.html", "a'b\"c.html", "$(id).html", "a*b?.html", "[x].html", " x ",
)  # fmt: skip


def test_names_arrive_as_they_are(tree, www, way):
    for name in HOSTILE:
        tree.put(name, "<h1>旧</h1>")

    deployed(tree, *way)
    assert contents(www) == contents(tree.folder)
    (www / MANIFEST).unlink()
    assert deployed(tree, *way).bytes == 0
    tree.become(COUNTY)
    deployed(tree, *way)
    assert contents(www) == contents(tree.folder)


def test_all_of_it_works_over_ssh(tree, www, way_over_ssh):
    for name in HOSTILE:
        tree.put(name, "<h1>旧</h1>")

    first = deployed(tree, *way_over_ssh)
    assert contents(www) == contents(tree.folder)
    assert (first.added, first.bytes) == (
        len(COUNTY) + len(HOSTILE),
        sum(map(len, contents(tree.folder).values())),
    )
    (www / MANIFEST).unlink()
    replace(www / "xxgk/1/index.html", b"altered")
    assert deployed(tree, *way_over_ssh).changed == 1
    tree.become(LATER)
    assert deployed(tree, *way_over_ssh).removed == 3 + len(HOSTILE)
    assert contents(www) == contents(tree.folder)
    assert deployed(tree, *way_over_ssh).bytes == 0


def test_over_ssh_a_folder_that_is_not_there_is_not_made(tree, www, way_over_ssh):
    target, options = way_over_ssh

    with pytest.raises(DeployError, match="请先"):
        deployed(tree, f"{target}/missing/one", options)

    assert list(www.iterdir()) == []


def test_other_bytes_of_the_same_size_and_time_arrive(tree, www, way):
    page = tree.folder / "xxgk/1/index.html"
    for text in ("<h1>5日</h1>", "<h1>6日</h1>"):
        tree.put("xxgk/1/index.html", text)
        os.utime(page, ns=(7 * 10**9, 7 * 10**9))
        deployed(tree, *way)

    assert contents(www)["xxgk/1/index.html"].decode() == "<h1>6日</h1>"


def test_steps_go_in_the_order_of_the_stages(tree, www, way, monkeypatch):
    deployed(tree, *way)
    tree.become(LATER)
    runs, seen = [], []
    whole = rsync._run

    def run(command):
        runs.append([listed(word) for word in command if word.startswith("--files-from=")])
        done = whole(command)
        seen.append((broken_links(contents(www), COUNTY), stale_twins(contents(www))))
        return done

    monkeypatch.setattr(rsync, "_run", run)
    deployed(tree, *way)

    assert seen == [([], [])] * len(runs)
    moved = [{rank(path) for path in paths[0]} for paths in runs if paths and MANIFEST not in paths[0]]
    assert all(len(ranks) == 1 for ranks in moved[1:])  # the first takes away twins that would be stale
    assert [*ranks_of(moved[1:])] == [0, 1, 2, 1, 2, 3, 4, 5, 1, 0, 1]  # new, changed, removed, the journal


def ranks_of(steps):
    for ranks in steps:
        yield from ranks


def listed(word):
    return [
        path.decode().removeprefix("./") for path in Path(word.partition("=")[2]).read_bytes().split(b"\0")
    ]


@pytest.mark.parametrize("limit", range(0, 16, 3))
def test_a_deploy_interrupted_between_any_two_runs_is_completed_by_the_next(
    tree, www, tmp_path, monkeypatch, limit
):
    target, options = f"rsync:{www}", DeployOptions(tmp_path / "work")
    deployed(tree, target, options)
    tree.become(LATER)
    whole, left = rsync._run, limit

    def run(command):
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return whole(command)

    with monkeypatch.context() as patched:
        patched.setattr(rsync, "_run", run)
        try:
            deployed(tree, target, options)
        except KeyboardInterrupt:
            assert broken_links(contents(www), COUNTY) == []
            assert stale_twins(contents(www)) == []

    deployed(tree, target, options)
    assert contents(www) == contents(tree.folder)
    assert not (www / JOURNAL).exists()
    assert deployed(tree, target, options).bytes == 0


def test_a_deploy_killed_within_a_run_is_completed_by_the_next(tree, www, tmp_path):
    """An rsync that kills the deploy and itself after half of a big file."""
    for number in range(5):
        tree.put(f"files/ab/{number}.pdf", os.urandom(300_000))
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "rsync").write_text(
        f"#!/bin/sh\ncase \"$*\" in *--delay-updates*)\n"
        f"  {shutil.which('rsync')} --bwlimit=400 \"$@\" & child=$!\n"
        f"  until ls -d {shlex.quote(str(www))}/files/ab/.* 2>/dev/null | grep -q pdf; do :; done\n"
        "  kill -9 $PPID $child;;\n"
        f"*) exec {shutil.which('rsync')} \"$@\";; esac\n"
    )  # fmt: skip
    (tools / "rsync").chmod(0o755)
    script = (
        "import sys; from pathlib import Path; from tests.publisher.trees import *\n"
        "tree = object.__new__(LiveTree); tree.folder = Path(sys.argv[1])\n"
        "deployed(tree, 'rsync:' + sys.argv[2], DeployOptions(Path(sys.argv[3])))\n"
    )
    words = [sys.executable, "-c", script, str(tree.folder), str(www), str(tmp_path / "work")]
    died = subprocess.run(
        words, cwd=ROOT, env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}, check=False
    )
    assert died.returncode == -signal.SIGKILL

    deployed(tree, f"rsync:{www}", DeployOptions(tmp_path / "work"))

    assert contents(www) == contents(tree.folder)


@pytest.mark.parametrize(
    "target",
    [
        "rsync:-e/bin/sh:/x", "rsync:host:relative", "rsync:-oProxyCommand=id@host:/x", "rsync:a b:/x", "rsync:host::module",
        "rsync:user@-host:/x", "rsync:relative", "rsync:", "rsync:$(id):/x", "rsync:host:/x\n", "rsync:a@b@c:/x",
    ],
)  # fmt: skip
def test_a_target_that_could_be_an_option_or_a_command_is_refused(tree, tmp_path, monkeypatch, target):
    ran = []
    monkeypatch.setattr(subprocess, "run", lambda *words, **_: ran.append(words))

    with pytest.raises(DeployError):
        deployed(tree, target, DeployOptions(tmp_path / "work"))

    assert not ran


@pytest.mark.parametrize(
    ("status", "said", "tries"),
    [(255, "Connection reset", 3), (255, "Permission denied (publickey)", 1), (1, "syntax", 1)],
)
def test_only_trouble_of_the_network_is_tried_again(tree, tmp_path, monkeypatch, status, said, tries):
    ran = []

    def run(command):
        ran.append(command)
        return subprocess.CompletedProcess(command, status, b"", said.encode())

    monkeypatch.setattr(rsync, "_run", run)

    with pytest.raises(DeployError, match=said.split()[0]):
        deployed(tree, "rsync:host.example:/www", DeployOptions(tmp_path / "work", tries=3, pause_s=0))

    assert len(ran) == tries


def test_a_network_that_recovers_is_only_waited_for(tree, www, tmp_path, monkeypatch):
    whole, count = rsync._run, 0

    def run(command):
        nonlocal count
        count += 1
        return subprocess.CompletedProcess(command, 12, b"", b"broken") if count % 2 else whole(command)

    monkeypatch.setattr(rsync, "_run", run)

    assert deployed(tree, f"rsync:{www}", DeployOptions(tmp_path / "work", pause_s=0)).is_complete
    assert contents(www) == contents(tree.folder)


def test_a_machine_without_rsync_is_told_what_to_install(tree, www, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DeployError, match="安装软件包 rsync"):
        deployed(tree, f"rsync:{www}", DeployOptions(tmp_path / "work"))
