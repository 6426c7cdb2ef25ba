"""Many rows at once. A build writes a hundred thousand: SQLAlchemy's look at each would take as long as the database."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert

from database import db

Row = tuple[Any, ...]  # plain values only: nothing converts them on the way


def insert(model: type[Any], names: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows with the values of these columns."""
    _send(db.insert(model.__table__), names, rows)


def upsert(model: type[Any], names: Sequence[str], rows: Sequence[Row], key: tuple[str, ...]) -> None:
    """Insert rows with the values of these columns, or bring those that are there to these values."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model.__table__)
    values = {name: statement.excluded[name] for name in names if name not in key}
    _send(statement.on_conflict_do_update(index_elements=list(key), set_=values), names, rows)


def _send(statement: Insert, names: Sequence[str], rows: Sequence[Row]) -> None:
    if not rows:
        return
    connection = db.session.connection()
    compiled: Any = statement.compile(dialect=connection.dialect, column_keys=list(names))
    given: Any = rows
    if not compiled.positional:
        given = [dict(zip(names, row, strict=True)) for row in rows]
    elif compiled.positiontup != list(names):
        given = list(map(itemgetter(*map(names.index, compiled.positiontup)), rows))
    connection.exec_driver_sql(str(compiled), given)
