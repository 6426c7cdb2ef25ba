"""The compressed twins of a build come after it is live, each whole, and whoever comes next makes what is missing."""

import os
from pathlib import Path

import pytest

from tests.publisher.siege.faults import Calls, counted
from tests.publisher.siege.wholeness import flaws, is_twin, paths_of

pytestmark = pytest.mark.sqlite  # twins are made of files


class Interruption(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("call", ["open", "sync", "replace"])
def test_a_build_that_was_interrupted_before_its_twins_gets_them_from_the_next_publisher(
    small_county, app, settings, call
):
    """Negative control tried: `finish` without `compress`; twins written in the tree under names beginning with a dot."""
    run = app.test_cli_runner().invoke

    class Interrupted(Calls):
        def meet(self, made: str, path: str, **_: object) -> None:
            if (
                made == call
                and (is_twin(path) or made == "sync")
                and (settings.site_folder / "current").exists()
            ):
                raise Interruption

    with counted(Interrupted(settings.site_folder)), pytest.raises(Interruption):
        run(args=["site", "build"])
    tree = settings.site_folder / os.readlink(settings.live_tree)
    assert "is not as the manifest says" not in str(flaws(settings.site_folder, keep=20))
    assert "has no twins" in str(flaws(settings.site_folder, keep=20))
    assert not [path for path in paths_of(tree) if Path(path).name.startswith(".")]

    assert run(args=["site", "publish"]).exit_code == 0

    assert flaws(settings.site_folder, keep=20) == []


def test_no_twin_gets_its_name_before_it_is_on_the_disk(small_county, app, settings):
    """A power cut must not leave empty twins, which a web server would send. Negative control tried: no `os.sync`."""
    calls = Calls(settings.site_folder)

    with counted(calls):
        assert app.test_cli_runner().invoke(args=["site", "build"]).exit_code == 0

    made = [call for call, path, _ in calls.made if call == "sync" or is_twin(path)]
    assert made.index("replace") > len(made) - 1 - made[::-1].index("sync")
