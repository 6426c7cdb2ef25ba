"""The bell by which a process that left work calls the one that waits for it."""

import os
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from county.bell import LONGEST_ADDRESS, Bell, ring

AN_HOUR_S = 3600


@pytest.fixture
def path(tmp_path):
    return tmp_path / "worker.sock"


def test_a_ring_ends_the_wait(path):
    with Bell(path) as bell:
        threading.Timer(0, ring, [path]).start()

        assert bell.wait(AN_HOUR_S)


def test_a_ring_from_another_process_ends_the_wait(path):
    with Bell(path) as bell:
        code = f"from pathlib import Path; from county.bell import ring; ring(Path({str(path)!r}))"
        subprocess.run([sys.executable, "-c", code], check=True)

        assert bell.wait(AN_HOUR_S)


def test_what_rang_before_the_wait_counts_once(path):
    with Bell(path) as bell:
        ring(path)
        ring(path)
        bell.strike()

        assert [bell.wait(0), bell.wait(0)] == [True, False]


def test_without_a_ring_the_wait_takes_its_time(path):
    with Bell(path) as bell:
        assert not bell.wait(0.001)


def test_a_strike_from_a_signal_handler_ends_the_wait(path):
    with Bell(path) as bell:
        threading.Timer(0, bell.strike).start()

        assert bell.wait(AN_HOUR_S)


def test_ringing_where_no_bell_hangs_does_nothing(path):
    ring(path)
    ring(path.parent / "no folder" / path.name)
    path.write_text("no socket")
    ring(path)

    assert path.read_text() == "no socket"


def test_ringing_one_who_is_busy_does_not_wait(path):
    with Bell(path) as bell:
        for _ in range(3 * int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text()) + 1000):
            ring(path)

        assert [bell.wait(0), bell.wait(0)] == [True, False]


@pytest.mark.parametrize("below", [".", "long" * 40])
def test_ringing_leaves_no_file_open(path, below):
    folder = path.parent / below
    folder.mkdir(exist_ok=True)
    with Bell(folder / path.name):
        before = os.listdir("/proc/self/fd")
        for target in (folder / path.name, folder / "nobody", folder / "deep" / "nobody"):
            ring(target)

        assert os.listdir("/proc/self/fd") == before


def test_only_the_owner_may_ring(path):
    with Bell(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_bell_of_one_that_died_is_replaced(path):
    left_behind = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    left_behind.bind(str(path))
    left_behind.close()

    with Bell(path) as bell:
        ring(path)

        assert bell.wait(0)


def test_a_bell_taken_down_is_gone(path):
    with Bell(path):
        assert path.exists()

    assert list(path.parent.iterdir()) == []
    ring(path)


def test_a_folder_of_a_long_name_can_have_a_bell(tmp_path):
    folder = tmp_path / ("汉" * LONGEST_ADDRESS)[:80] / ("字" * 80)
    folder.mkdir(parents=True)
    assert len(os.fsencode(folder)) > 400

    with Bell(folder / "worker.sock") as bell:
        assert bell.is_hung
        assert os.listdir(folder) == ["worker.sock"]
        ring(folder / "worker.sock")
        assert bell.wait(0)


def test_where_no_bell_can_hang_the_wait_takes_its_time_and_a_strike_ends_it(tmp_path):
    with Bell(tmp_path / "no folder" / "worker.sock") as bell:
        assert not bell.is_hung
        assert not bell.wait(0)
        bell.strike()
        assert bell.wait(0)
