from alembic.script import ScriptDirectory
from flask_migrate import Config, downgrade, upgrade
from sqlalchemy import inspect

from app import MIGRATIONS
from content.models import LegalBasis, Material
from county import chain
from county.acts import Act
from database import db
from tests.people import make_service, settle_in


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


def test_the_second_migration_keeps_every_sub_record(app):
    people = settle_in()
    edition = make_service(people)
    db.session.commit()
    parts = len(edition.materials) + len(edition.legal_basis)
    folder = str(MIGRATIONS)
    db.session.remove()

    downgrade(directory=folder, revision="0001")
    upgrade(directory=folder)

    kept = db.session.scalar(db.select(db.func.count(Material.id))) + db.session.scalar(
        db.select(db.func.count(LegalBasis.id))
    )
    assert kept == parts > 0


def test_acts_from_before_there_was_a_chain_are_sealed_as_those_after_it(app):
    people = settle_in()
    make_service(people)
    db.session.commit()
    seals = db.session.scalars(db.select(Act.seal).order_by(Act.id)).all()
    folder = str(MIGRATIONS)
    db.session.remove()

    downgrade(directory=folder, revision="0008")
    upgrade(directory=folder)

    assert db.session.scalars(db.select(Act.seal).order_by(Act.id)).all() == seals
    assert len(seals) > 5
    assert list(chain.verify()) == []
