"""The database handle, and how times and enumerations are stored. Imports nothing of ours."""

import enum
import os
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Enum, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {  # SQLite can only drop a constraint that has a name
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, with `db.Model` typed as what it is: our own declarative base."""

    if TYPE_CHECKING:
        Model: type[Base]


db = Database(model_class=Base, disable_autonaming=True)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_as_value(kind: type[enum.Enum], length: int = 40) -> Enum:
    """Column type that stores an enumeration by its value, as text: a new member needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=length,
        values_callable=lambda members: [member.value for member in members],
    )


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    _close_to_others(connection)
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",  # what was acknowledged survives a power cut
        "busy_timeout=10000",
        "cache_size=-32768",  # KiB: many rows are written without going through the log twice
    ):
        connection.execute(f"PRAGMA {pragma}")


def _close_to_others(connection: sqlite3.Connection) -> None:
    """Keep other accounts from the file; by its name, as opening and closing it here would drop SQLite's locks."""
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    for name in (file, f"{file}-wal", f"{file}-shm") if file else ():
        with suppress(FileNotFoundError, PermissionError):
            if os.stat(name).st_mode & 0o077:
                os.chmod(name, 0o600)


@event.listens_for(Engine, "savepoint")
def _begin_before_savepoint(connection: Any, _name: str) -> None:
    """Python's sqlite3 begins a transaction at the first write only: an earlier savepoint would commit on its release."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
