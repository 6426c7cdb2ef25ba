"""Many rows at once. A build writes a hundred thousand: SQLAlchemy's look at each would take as long as the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from database import db

Row = dict[str, Any]  # plain values only: nothing converts them on the way


def insert(model: type[Any], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    _send(db.insert(model.__table__), rows)


def upsert(model: type[Any], rows: Sequence[Row], key: tuple[str, ...]) -> None:
    """Insert rows that all have the same columns, or bring those that are there to these values."""
    if not rows:
        return
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model.__table__)
    values = {name: statement.excluded[name] for name in rows[0] if name not in key}
    _send(statement.on_conflict_do_update(index_elements=list(key), set_=values), rows)


def _send(statement: Insert, rows: Sequence[Row]) -> None:
    if not rows:
        return
    connection = db.session.connection()
    compiled: Any = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    given: Any = rows
    if compiled.positional:
        given = [tuple(map(row.__getitem__, compiled.positiontup)) for row in rows]
    connection.exec_driver_sql(str(compiled), given)
