"""Writing the index: one writer, many readers, nothing half done."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from search import IndexBusyError, WhooshIndex, find
from tests.search.conftest import KEY, make_entry, sample

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from search import Entry, WhooshIndex
index = WhooshIndex(sys.argv[1], bytes(range(32)))
def entries():
    for number in range(20):
        yield Entry(id=f"disclosure-{number}", kind="disclosure", title="半途", url="/", body="写到一半的内容" * 50)
    print("in the middle", flush=True)
    sys.stdin.read()
index.rebuild(entries()) if sys.argv[2] == "rebuild" else index._replace([], entries())
"""
READER = """
import sys
from search import WhooshIndex, find
index = WhooshIndex(sys.argv[1], bytes(range(32)))
for line in sys.stdin:
    print(find(index, line.strip()).total, flush=True)
"""


def child(program, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def files(index):
    return sorted(str(path.relative_to(index.directory)) for path in index.directory.rglob("*"))


def test_what_was_put_is_found_and_what_was_removed_is_not(index):
    index.put([make_entry(5, "防汛值班安排")])
    assert find(index, "防汛值班").total == 1

    index.remove(["disclosure-5", "disclosure-99"])
    assert find(index, "防汛值班").total == 0
    assert len(index.snapshot()) == 4


def test_an_entry_put_again_replaces_the_old_one_for_good(index):
    for text in ("第一稿", "第二稿", "第三稿"):
        index.put([make_entry(1, "综合窗口受理办法", text)])

    assert [find(index, text).total for text in ("第一稿", "第二稿", "第三稿", "一窗受理")] == [0, 0, 1, 0]
    assert len(index.snapshot()) == 4


def test_of_equal_ids_in_one_batch_the_last_counts(index, index_of):
    index.put([make_entry(7, "甲", "先写的"), make_entry(7, "甲", "后写的")])
    assert [find(index, text).total for text in ("先写的", "后写的")] == [0, 1]

    rebuilt = index_of(
        make_entry(7, "甲", "先写的"), make_entry(8, "乙", "别的"), make_entry(7, "甲", "后写的")
    )
    assert [find(rebuilt, text).total for text in ("先写的", "后写的")] == [0, 1]
    assert len(rebuilt.snapshot()) == 2


def test_many_updates_leave_few_files(index):
    for number in range(30):
        index.put([make_entry(number % 3 + 10, "简报", f"第{number}期内容")])

    assert len(index.snapshot()) == 7
    assert len(index.snapshot().segments) < 8
    assert {path.split("/")[-1] for path in files(index)} >= {"manifest", "lock"}
    assert len(files(index)) < 200
    assert find(index, "第29期").total == 1
    assert find(index, "第26期").total == 0


def test_an_index_that_was_emptied_entry_by_entry_works_on(index):
    for number in range(12):
        index.put([make_entry(number + 10, "简报")])
        index.remove([f"disclosure-{number + 10}"])
    index.remove(entry.id for entry in sample())

    assert len(index.snapshot()) == 0
    assert find(index, "取水").total == 0
    index.put(sample())
    assert find(index, "取水").total == 2


def test_rebuilding_leaves_only_what_is_given(index):
    assert index.rebuild([make_entry(50, "唯一的文件")]) == 1

    assert find(index, "综合窗口").total == 0
    assert find(index, "唯一的文件").total == 1
    assert len([path for path in index.directory.iterdir() if path.is_dir()]) == 1


def test_an_empty_index_answers_and_takes_entries(index):
    assert index.rebuild([]) == 0
    assert find(index, "取水").total == 0

    index.put(sample())
    assert find(index, "取水").total == 2


def test_another_process_sees_a_commit_at_once(index):
    with child(READER, index.directory) as reader:

        def ask(text):
            reader.stdin.write(text + "\n")
            reader.stdin.flush()
            return int(reader.stdout.readline())

        assert ask("防汛值班") == 0
        index.put([make_entry(5, "防汛值班安排")])
        assert ask("防汛值班") == 1
        index.rebuild(sample())
        assert ask("防汛值班") == 0
        reader.stdin.close()


def test_a_snapshot_stays_as_it_was_while_it_is_used(index):
    before = index.snapshot()
    index.rebuild([])

    assert len(before) == 4
    assert before.shown(before.numbers("id", "disclosure-1")[0])["title"] == "综合窗口受理办法"


def test_readers_are_not_disturbed_by_a_writer(index):
    """Every search sees exactly one state of the entry, and never an older one than before."""
    done, faults = threading.Event(), []

    def read(own):
        last = 0
        while not done.is_set():
            (hit,) = find(own, "值班轮次").results
            turn = int(hit.snippet.removeprefix("轮次"))
            if turn < last:
                faults.append((last, turn))
            last = turn

    def watched(own):
        try:
            read(own)
        except Exception as fault:
            faults.append(fault)

    index.put([make_entry(60, "值班轮次", "轮次0")])
    readers = [
        threading.Thread(target=watched, args=(own,))
        for own in (index, index, WhooshIndex(index.directory, KEY))
    ]
    for reader in readers:
        reader.start()
    for turn in range(1, 25):
        index.put([make_entry(60, "值班轮次", f"轮次{turn}")])
        if turn % 10 == 0:
            index.rebuild([*sample(), make_entry(60, "值班轮次", f"轮次{turn}")])
    done.set()
    for reader in readers:
        reader.join()

    assert not faults


@pytest.mark.parametrize("way", ["rebuild", "put"])
def test_a_second_writer_is_told_and_goes_on_when_the_first_is_killed(index, way):
    writer = child(WRITER if way == "rebuild" else WRITER.replace("index._replace([], entries())", PUT_IN_LOCK),
                   index.directory, way)  # fmt: skip
    assert writer.stdout.readline() == "in the middle\n"

    impatient = WhooshIndex(index.directory, KEY, wait=0.05)
    with pytest.raises(IndexBusyError, match="另一进程"):
        impatient.put([make_entry(5, "防汛值班安排")])
    with pytest.raises(IndexBusyError):
        impatient.rebuild([])
    assert find(index, "取水").total == 2
    writer.send_signal(signal.SIGKILL)
    writer.communicate()

    assert find(WhooshIndex(index.directory, KEY), "半途").total == 0
    impatient.put([make_entry(5, "防汛值班安排")])
    assert find(index, "防汛值班").total == 1
    named = {*index._manifest.files}
    assert {path.name for path in index.directory.glob("g-*/*")} == named


PUT_IN_LOCK = """None
import search.whoosh_index as module
with index._writing():
    manifest = index._current()[0]
    module._write(module.DraftStorage(index.directory / manifest.folder, manifest.files), [0], entries())
"""


@pytest.mark.parametrize(
    "change", ["index.put(changed)", "index.remove(['disclosure-2'])", "index.rebuild(changed)"]
)
def test_a_writer_killed_just_before_the_switch_has_changed_nothing(index, change):
    """Whoosh has committed by then and believes the old files are gone."""
    before = index.snapshot().numbers("id", "disclosure-1")
    writer = child(KILLED.replace("CHANGE", change), index.directory)
    writer.communicate()

    assert writer.returncode == -signal.SIGKILL
    fresh = WhooshIndex(index.directory, KEY)
    assert fresh.snapshot().numbers("id", "disclosure-1") == before
    assert [find(fresh, text).total for text in ("一窗受理", "大坝检查", "改后")] == [1, 1, 0]
    fresh.put([make_entry(5, "防汛值班安排")])
    assert find(index, "防汛值班").total == 1


KILLED = """
import os, signal, sys
import search.whoosh_index as module
from search import Entry
index = module.WhooshIndex(sys.argv[1], bytes(range(32)))
changed = [Entry(id="disclosure-1", kind="disclosure", title="改后", url="/", body="改后")]
module.seal.switch_to = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
CHANGE
"""


def test_a_second_writer_waits_for_the_first(index):
    inside, go_on = threading.Event(), threading.Event()

    def entries():
        inside.set()
        go_on.wait()
        yield from sample()

    first = threading.Thread(target=index.rebuild, args=(entries(),))
    first.start()
    inside.wait()
    second = threading.Thread(target=index.put, args=([make_entry(5, "防汛值班安排")],))
    second.start()
    go_on.set()
    first.join()
    second.join()

    assert find(index, "防汛值班").total == 1  # it came after the rebuild, which knew nothing of it
    assert len(index.snapshot()) == 5


@pytest.mark.parametrize("way", ["put", "rebuild"])
def test_a_write_that_fails_leaves_the_index_as_it_was(index, way):
    before = files(index)
    broken = make_entry(6, "坏", None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        getattr(index, way)([make_entry(5, "防汛值班安排"), broken])

    assert find(index, "防汛值班").total == 0
    assert find(index, "取水").total == 2
    index.put([make_entry(5, "防汛值班安排")])
    index.rebuild([*sample()])
    assert len([path for path in index.directory.iterdir() if path.is_dir()]) == 1
    assert len(files(index)) == len(before)


def test_the_index_works_on_after_a_fork(index):
    assert find(index, "取水").total == 2
    pid = os.fork()
    if pid == 0:
        os._exit(0 if find(index, "取水许可").total == 2 and index._seen[0] == os.getpid() else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert find(index, "大坝").total == 1


def test_files_are_private_to_the_account(index):
    assert (index.directory / "manifest").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in index.directory.glob("g-*"))
