"""Files of the old kinds go out as they are: what can be seen of their numbers blocks, the rest a person looks at."""

import io

import pytest

from content.inspection.search import search

ID, MOBILE = "11010519491231002X", "13800138000"
KEY = "5" * 64


def old(*texts: bytes, streams: tuple[str, ...] = ("WordDocument",)) -> bytes:
    """The outside of a compound file: its head, texts, and a directory with the names of its streams."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    body = b"".join(texts).ljust(1024, b"\0")
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return head + body[: len(body) // 128 * 128].ljust(1024, b"\0") + directory.ljust(512, b"\0")


@pytest.mark.row("A-09")
@pytest.mark.parametrize("suffix", [".doc", ".xls", ".wps"])
@pytest.mark.parametrize("number", [ID, MOBILE], ids=["identity", "mobile"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le"])
def test_a_number_in_plain_sight_is_found_and_the_whole_file_is_for_a_person_to_look_at(
    suffix, number, encoding
):
    found = search(io.BytesIO(old(f"张某，{number}。".encode(encoding))), suffix, KEY)

    assert len(found.findings) == 1
    assert found.unread == ["全文（旧版格式）"]


def test_an_honest_old_file_passes_to_the_reviewer():
    found = search(io.BytesIO(old("关于春季防火的通知，文号2024年第12号".encode("gb18030"))), ".doc", KEY)
    assert (found.findings, found.refusal, len(found.unread)) == ([], "", 1)


@pytest.mark.parametrize("stream", ["Macros", "VBA", "_VBA_PROJECT"])
def test_an_old_file_with_macros_is_refused(stream):
    assert "含有宏" in search(io.BytesIO(old(streams=("WordDocument", stream))), ".doc", KEY).refusal


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"], ids=["empty", "zip", "cut"]
)
def test_what_is_no_old_file_is_refused(content):
    assert "已损坏" in search(io.BytesIO(content), ".doc", KEY).refusal
