"""Files made to do harm are refused with a cure, whatever they do to the process that reads them."""

import json
import os
import time
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from content.inspection import Inspection, child, inspect
from content.inspection.process import ReadingProcess
from tests.extraction.hostile import damaged, refused
from tests.papers import docx, paragraph

KEY = "5" * 64
MEGABYTE = 1024 * 1024
MOST_MEMORY = 256 * MEGABYTE


def looked_into(content: bytes, suffix: str, folder: Path):
    file = folder / f"file{suffix}"
    file.write_bytes(content)
    return inspect(file, suffix, KEY)


@pytest.mark.row("A-09")
@pytest.mark.parametrize(
    ("content", "suffix"), [pytest.param(*given[1:], id=given[0]) for given in refused()]
)
def test_a_file_made_to_harm_is_refused_with_a_cure(content, suffix, tmp_path):
    result = looked_into(content, suffix, tmp_path)

    assert any(
        cure in result.refusal for cure in ("重新", "另存", "删除", "拆分", "嵌入", "单独上传", "缩小")
    )
    assert result.findings == []


@pytest.mark.parametrize("kind", [".docx", ".xlsx", ".pdf", ".jpg", ".png", ".ofd"])
def test_a_damaged_file_is_read_or_refused_and_the_next_one_is_read(kind, tmp_path):
    for _what, content, suffix in damaged():
        if suffix == kind:
            looked_into(content, suffix, tmp_path)

    assert len(looked_into(docx(paragraph("手机 13800138000")), ".docx", tmp_path).findings) == 1


def too_much_memory(*_given: object) -> Inspection:
    held = [bytearray(MEGABYTE) for _ in range(1024)]
    return Inspection(more=len(held))


def too_much_time(*_given: object) -> None:
    while True:
        time.monotonic()


def no_answer(*_given: object) -> None:
    while True:
        time.sleep(1)


def a_crash(*_given: object) -> None:
    os.kill(os.getpid(), 9)


def a_written_file(file: BinaryIO, *_given: object) -> Inspection:
    Path(f"{file.name}.written").write_text("x")
    return Inspection()


@pytest.mark.parametrize("harm", [too_much_memory, too_much_time, no_answer, a_crash, a_written_file])
def test_a_reader_that_swells_hangs_crashes_or_writes_is_ended_and_the_file_refused(
    harm, monkeypatch, tmp_path
):
    monkeypatch.setattr(child, "search", harm)
    monkeypatch.setattr(child, "CPU_S", 1)
    monkeypatch.setattr(child, "PATIENCE_S", 3)
    file = tmp_path / "file.docx"
    file.write_bytes(docx(paragraph("words")))

    answer = json.loads(child._ask_a_fork(partial(child._read, child._searched, file, ".docx", KEY)))

    assert "无法检查" in answer["refusal"]


def test_a_reader_has_at_most_256_megabytes():
    assert child.MEMORY_BYTES <= MOST_MEMORY


def test_a_reading_process_that_was_killed_is_started_again(tmp_path):
    reading = ReadingProcess()
    file = tmp_path / "file.docx"
    file.write_bytes(docx(paragraph("手机 13800138000")))
    first = reading.inspect(file, ".docx", KEY)
    assert reading._process is not None
    reading._process.kill()

    second = reading.inspect(file, ".docx", KEY)
    reading.end()

    assert len(first.findings) == len(second.findings) == 1


def test_the_reading_process_is_given_no_setting_of_the_installation(monkeypatch, tmp_path):
    monkeypatch.setenv("ZHUANLAN_DATABASE_URL", "postgresql://secret")
    reading = ReadingProcess()
    file = tmp_path / "file.docx"
    file.write_bytes(docx())
    reading.inspect(file, ".docx", KEY)
    assert reading._process is not None

    environment = Path(f"/proc/{reading._process.pid}/environ").read_bytes()
    reading.end()

    assert b"ZHUANLAN" not in environment
