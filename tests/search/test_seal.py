"""A damaged or altered index: refused before a byte of it is unpickled."""

import os
import pickle
import random
import shutil
from pathlib import Path

import pytest
from whoosh.index import open_dir

from search import IndexDamagedError, WhooshIndex, find, seal
from tests.search.conftest import KEY, sample


class Payload:
    """Touches a file when it is unpickled."""

    def __init__(self, trace: Path):
        self.trace = trace

    def __reduce__(self):
        return os.system, (f"touch {self.trace}",)


def generation(index):
    (folder,) = index.directory.glob("g-*")
    return folder


def toc_with(payload, toc: Path) -> bytes:
    """The table of contents with its list of segments, the last pickle in it, replaced."""
    data = toc.read_bytes()
    return data[: data.rindex(b"\x80\x04" if b"\x80\x04" in data else b"\x80")] + pickle.dumps(payload)


def measured(path):
    with path.open("rb") as stream:
        return seal._measure(stream)


def refused(directory):
    with pytest.raises(IndexDamagedError, match="rebuild"):
        find(WhooshIndex(directory, KEY), "取水")
    return True


def test_a_malicious_table_of_contents_runs_nothing(index, tmp_path):
    trace = tmp_path / "ran"
    (toc,) = generation(index).glob("*.toc")
    toc.write_bytes(toc_with(Payload(trace), toc))

    assert refused(index.directory)
    assert not trace.exists()
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever Whoosh says, it has run the code
        open_dir(str(generation(index)), schema=None).reader()
    assert trace.exists(), "the payload has no teeth: Whoosh by itself should have run it"


def test_no_file_of_the_index_can_be_replaced_by_a_pickle(index, tmp_path):
    trace = tmp_path / "ran"
    for path in sorted(generation(index).iterdir()):
        original = path.read_bytes()
        path.write_bytes(pickle.dumps(Payload(trace)).ljust(len(original), b".")[: max(len(original), 60)])
        assert refused(index.directory)
        path.write_bytes(original)

    assert not trace.exists()
    assert find(WhooshIndex(index.directory, KEY), "取水").total == 2


def test_a_manifest_made_with_another_key_is_refused(index, tmp_path):
    """The attacker's files and manifest agree with each other; only the key is not ours."""
    trace = tmp_path / "ran"
    (toc,) = generation(index).glob("*.toc")
    toc.write_bytes(toc_with(Payload(trace), toc))
    named = {path.name: measured(path) for path in generation(index).iterdir()}
    manifest = seal.Manifest(generation(index).name, named)
    seal.switch_to(index.directory, manifest, b"another key of 32 bytes in length")

    assert refused(index.directory)
    assert not trace.exists()


def test_an_index_brought_from_elsewhere_is_refused(index, tmp_path):
    elsewhere = WhooshIndex(tmp_path / "elsewhere", b"key of another installation, 32b")
    elsewhere.rebuild(sample())
    shutil.rmtree(index.directory)
    shutil.copytree(elsewhere.directory, index.directory)

    assert refused(index.directory)


@pytest.mark.parametrize("seed", range(40))
def test_damage_is_refused_or_harmless(index, seed):
    """Flipped bits, cut, emptied, swapped and lost files: never a wrong answer, never another error."""
    chance = random.Random(seed)
    paths = [index.directory / "manifest", *sorted(generation(index).iterdir())]
    path, other = chance.sample(paths, 2)
    data = bytearray(path.read_bytes())
    match seed % 5:
        case 0:
            at = chance.randrange(len(data))
            data[at] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
        case 1:
            path.write_bytes(data[: chance.randrange(len(data))])
        case 2:
            path.write_bytes(b"")
        case 3:
            path.write_bytes(other.read_bytes() + b"x")
        case 4:
            path.unlink()

    own = WhooshIndex(index.directory, KEY)
    try:
        answers = [find(own, text).total for text in ("取水", "办法", "没有这回事")]
    except IndexDamagedError:
        answers = None
    assert answers in (None, [2, 2, 0])


def test_files_that_the_manifest_does_not_name_do_not_exist(index, tmp_path):
    trace = tmp_path / "ran"
    (toc,) = generation(index).glob("*.toc")
    (generation(index) / "_MAIN_999.toc").write_bytes(toc_with(Payload(trace), toc))

    assert find(WhooshIndex(index.directory, KEY), "取水").total == 2
    assert not trace.exists()


def test_a_manifest_cannot_point_out_of_the_folder(index):
    for name in ("../secret", "/etc/passwd", "a/b"):
        storage = seal.SealedStorage(generation(index), {name: (1, "0")})
        with pytest.raises(IndexDamagedError):
            storage.open_file(name)


def test_a_damaged_index_can_be_rebuilt(index):
    (index.directory / "manifest").write_bytes(b"nonsense")
    assert refused(index.directory)

    own = WhooshIndex(index.directory, KEY)
    own.rebuild(sample())
    assert find(own, "取水").total == 2


def test_an_index_of_another_format_is_refused(index, monkeypatch):
    monkeypatch.setattr(seal, "FORMAT", seal.FORMAT + 1)

    assert refused(index.directory)
