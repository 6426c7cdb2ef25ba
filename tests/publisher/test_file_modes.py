"""Other accounts of the machine read the public site and nothing else."""

import os
import stat

import pytest
from sqlalchemy import text

import publisher
from app import create_app
from config import Settings
from content import founding
from database import db


def mode(path) -> str:
    return f"{stat.S_IMODE(path.stat().st_mode):o}"


@pytest.mark.parametrize("umask", [0o022, 0o000, 0o077])
def test_the_site_is_open_to_the_web_server_and_the_rest_of_the_home_is_not(tmp_path, now, umask):
    before = os.umask(umask)
    try:
        settings = Settings(home=tmp_path / "var", public_url="http://localhost")
        app = create_app(settings=settings)
        assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
        with app.app_context():
            founding.found("青崖县", "990123", at=now)
            db.session.commit()
            publisher.build(
                site_folder=settings.site_folder, upload_folder=settings.upload_folder, public_url="", at=now
            )
            db.session.execute(text("SELECT 1"))
            beside = [path for path in settings.home.iterdir() if path.name.startswith("zhuanlan.db")]
            assert {mode(path) for path in beside} == {"600"}
            assert len(beside) == 3
    finally:
        os.umask(before)
    assert (mode(settings.home), mode(settings.upload_folder)) == ("711", "700")
    tree = settings.live_tree.resolve()
    assert {mode(path) for path in (settings.site_folder, tree.parent, tree)} == {"755"}
    assert {(path.is_dir(), mode(path)) for path in tree.rglob("*")} == {(True, "755"), (False, "644")}


def test_a_database_that_was_open_to_others_is_closed(tmp_path):
    settings = Settings(home=tmp_path)
    file = tmp_path / "zhuanlan.db"
    file.touch(0o644)
    file.chmod(0o644)

    with create_app(settings=settings).app_context():
        db.session.execute(text("SELECT 1"))

    assert mode(file) == "600"
