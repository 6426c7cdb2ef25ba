"""Compressed twins: the same words in fewer bytes, and the same bytes each time."""

import gzip
import random

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.twins import LEAST_BYTES, PACKED, twins

WORDS = "<p>县级以上地方人民政府应当将政府信息公开工作纳入考核。</p>\n".encode()
PAGE = WORDS * 200


@pytest.mark.parametrize("suffix", sorted(PACKED))
def test_a_text_has_a_twin_of_each_kind_that_is_smaller_and_says_the_same(suffix):
    packed = twins(PAGE, suffix)

    assert packed.keys() == {".gz", ".br"}
    assert gzip.decompress(packed[".gz"]) == brotli.decompress(packed[".br"]) == PAGE
    assert all(len(twin) < len(PAGE) / 10 for twin in packed.values())


@given(st.text(min_size=LEAST_BYTES, max_size=3 * LEAST_BYTES))
def test_whatever_the_text_a_twin_says_the_same_in_fewer_bytes(text):
    content = text.encode()
    packed = twins(content, ".html")

    assert {gzip.decompress(packed.get(".gz", gzip.compress(content)))} == {content}
    assert {brotli.decompress(packed.get(".br", brotli.compress(content)))} == {content}
    assert all(len(twin) < len(content) for twin in packed.values())


def test_the_same_text_gives_the_same_bytes_whenever_it_is_packed(monkeypatch):
    first = twins(PAGE, ".html")
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)

    assert twins(PAGE, ".html") == first
    assert first[".gz"][4:8] == b"\0\0\0\0"  # no moment in the header


@pytest.mark.parametrize("suffix", [".pdf", ".png", ".jpg", ".docx", ".gz", ".br", ""])
def test_what_is_packed_already_has_no_twin(suffix):
    assert twins(PAGE, suffix) == {}


def test_a_short_text_has_no_twin():
    assert twins(PAGE[: LEAST_BYTES - 1], ".html") == {}
    assert twins(PAGE[:LEAST_BYTES], ".html")


def test_what_cannot_be_made_smaller_has_no_twin():
    assert twins(random.Random(1).randbytes(LEAST_BYTES), ".txt") == {}
