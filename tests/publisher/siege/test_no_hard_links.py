"""On a file system without hard links everything works, with copies."""

import errno
import os

import pytest

import publisher
from tests.publisher.conftest import SmallCounty
from tests.publisher.siege.links import dangling
from tests.publisher.siege.wholeness import flaws, manifest, manifest_of

pytestmark = pytest.mark.sqlite  # links are between files


@pytest.mark.parametrize("error", [errno.EPERM, errno.EXDEV], ids=errno.errorcode.get)
def test_without_hard_links_a_site_is_built_published_and_rolled_back(
    small_county: SmallCounty, app, settings, monkeypatch, error
):
    """Negative control tried: `os.link` alone in keep_bytes or in FreshTree.keep."""
    site, keep = settings.site_folder, settings.keep_releases
    monkeypatch.setattr(os, "link", failing(error))

    def run(*command: str) -> list[str]:
        result = app.test_cli_runner().invoke(args=["site", *command])
        assert result.exit_code == 0, result.output
        return flaws(site, keep=keep) + dangling(site / "current")

    small_county.disclosure("第一号公告", files={"附表.txt": b"one"})
    assert run("build") == []
    before = manifest()
    small_county.disclosure("第二号公告", files={"附表.txt": b"two"})
    assert run("publish") == []
    assert run("build") == []

    [first, *_] = publisher.publications(10)[::-1]
    assert run("rollback", first.name) == []
    assert manifest_of(site / "current") == before == manifest()


def failing(error: int):
    """A call that the file system refuses."""

    def call(source: object, target: object, **_: object) -> None:
        raise OSError(error, os.strerror(error), str(target))

    return call
