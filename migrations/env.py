"""Runs the migrations on the database of the application at hand; `flask db` calls it."""

from alembic import context
from flask import current_app
from sqlalchemy import Enum

# Every model must be known for `flask db check`.
import cases.models  # noqa: F401
import content.models  # noqa: F401
import publisher.models  # noqa: F401
from county import calendar, deputies, ledger, officers, passwords, second_factor, sign_in, sign_on  # noqa: F401
from database import UtcDateTime


def render_item(kind, item, autogen_context):
    """Write the plain type of a column, so that an old migration does not depend on today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def compare_type(context, inspected, column, inspected_type, column_type):
    """Enumerations are stored as text: their members are no part of the schema."""
    return False if isinstance(column_type, Enum) else None


migrate = current_app.extensions["migrate"]
arguments = migrate.configure_args | {
    "render_as_batch": True,
    "render_item": render_item,
    "compare_type": compare_type,
}


def run_offline() -> None:
    """Print the SQL instead of running it: `flask db upgrade --sql`."""
    url = migrate.db.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=migrate.db.metadata, literal_binds=True, **arguments)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Bring the database up or down, the whole way or not at all."""
    with migrate.db.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=migrate.db.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
