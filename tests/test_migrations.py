from alembic.script import ScriptDirectory
from flask_migrate import Config, downgrade, upgrade
from sqlalchemy import inspect

from app import MIGRATIONS
from database import db


def scripts():
    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_there_is_one_head_and_the_names_are_numbered():
    directory = scripts()

    assert len(directory.get_heads()) == 1
    assert all(revision.revision.isdigit() for revision in directory.walk_revisions())


def test_the_migrations_make_exactly_the_tables_of_the_models(app):
    result = app.test_cli_runner().invoke(args=["db", "check"])

    assert result.exit_code == 0, result.output


def test_the_way_down_leaves_nothing_and_the_way_up_works_again(app):
    folder = str(MIGRATIONS)
    downgrade(directory=folder, revision="base")
    db.session.remove()

    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory=folder)
    assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())
