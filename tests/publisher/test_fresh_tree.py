"""Several processes write one fresh tree."""

import os
import stat

from publisher.building import FreshTree
from publisher.trees import FOLDER_MODE


def test_a_folder_that_another_process_makes_at_the_same_moment_is_no_trouble(tmp_path, monkeypatch):
    """Seen failing: a build of 13,000 pages ended with "file exists" once in ten."""
    mkdir = os.mkdir

    def overtaken(folder: str) -> None:
        """The other one makes a folder in the moment before we do, as soon as it has one to lie in."""
        if os.path.isdir(os.path.dirname(folder)):
            os.path.isdir(folder) or mkdir(folder)
        mkdir(folder)

    monkeypatch.setattr(os, "mkdir", overtaken)

    FreshTree(tmp_path, None).keep("xxgk/c/ghjh/2.html", b"page")

    assert (tmp_path / "xxgk/c/ghjh/2.html").read_bytes() == b"page"


def test_every_folder_is_open_to_the_web_server_whatever_the_mask(tmp_path):
    before = os.umask(0o077)
    try:
        FreshTree(tmp_path, None).keep("xxgk/c/ghjh/2.html", b"page")
    finally:
        os.umask(before)

    folders = [tmp_path / "xxgk", tmp_path / "xxgk/c", tmp_path / "xxgk/c/ghjh"]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {FOLDER_MODE}


def test_a_page_rendered_twice_is_the_second_one_and_a_removed_one_may_come_back(tmp_path):
    fresh = FreshTree(tmp_path, None)
    fresh.keep("xxgk/1/index.html", b"first")
    fresh.keep("xxgk/1/index.html", b"second")
    assert (tmp_path / "xxgk/1/index.html").read_bytes() == b"second"

    fresh.remove("xxgk/1/index.html")
    assert not (tmp_path / "xxgk/1").exists()
    fresh.keep("xxgk/1/index.html", b"third")
    assert (tmp_path / "xxgk/1/index.html").read_bytes() == b"third"
