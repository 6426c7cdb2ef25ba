"""A database on the PostgreSQL server of the round: made once, emptied after each test, which is far cheaper than a new one."""

import secrets
from collections.abc import Callable

import psycopg

USES = 100  # then a new one: rows that were deleted stay in the files
END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
DELETE_ROWS = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;  -- foreign keys are not looked at while all goes
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
END $$
"""
RESTART_SEQUENCES = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences
"""
SCHEMA = """
SELECT (SELECT md5(string_agg(format('%s %s %s %s', attrelid::regclass, attname, atttypid, attnotnull), ','
                              ORDER BY attrelid::regclass::text, attname))
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped),
       (SELECT md5(string_agg(format('%s %s', conname, pg_get_constraintdef(oid)), ',' ORDER BY conname))
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
       (SELECT md5(string_agg(indexdef, ',' ORDER BY indexname)) FROM pg_indexes WHERE schemaname = 'public'),
       (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc)
"""
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
SEQUENCES = "SELECT format('%I', sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL"


class ServerDatabase:
    """One database of the server; `fill` brings a new one to where a test begins."""

    def __init__(self, server: str, fill: Callable[[str], None] = lambda url: None):
        self._server, self._fill = server, fill
        self._make()

    @property
    def url(self) -> str:
        return self._server.replace("/postgres?", f"/{self._name}?")

    def empty(self) -> None:
        """End every connection and take every row out; make a new one where a test changed the schema itself."""
        with _connected(self.url) as connection:
            connection.execute(END_OTHERS)
            connection.execute(DELETE_ROWS)
            connection.execute(RESTART_SEQUENCES)
            is_as_before = connection.execute(SCHEMA).fetchall() == self._schema
        self._uses += 1
        if self._uses == USES or not is_as_before:
            self.drop()
            self._make()

    def drop(self) -> None:
        with _connected(self._server) as connection:
            connection.execute(f"DROP DATABASE {self._name} WITH (FORCE)")

    def _make(self) -> None:
        self._name, self._uses = f"test_{secrets.token_hex(6)}", 0
        with _connected(self._server) as connection:
            connection.execute(f"CREATE DATABASE {self._name}")
        self._fill(self.url)
        with _connected(self.url) as connection:
            self._schema = connection.execute(SCHEMA).fetchall()


def _connected(url: str) -> psycopg.Connection:
    """A connection for one block; none is kept, as a test may fork."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def copied(url: str) -> tuple[dict[str, bytes], list[tuple[str, int]]]:
    """The rows of each table that has some, in the server's own form, and the sequences that were drawn from."""
    rows: dict[str, bytes] = {}
    with _connected(url) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as lines:
                rows[table] = b"".join(bytes(line) for line in lines)
        sequences = connection.execute(SEQUENCES).fetchall()
    return {table: text for table, text in rows.items() if text}, sequences


def put_back(url: str, rows: dict[str, bytes], sequences: list[tuple[str, int]]) -> None:
    """Write rows into empty tables; foreign keys are not looked at, as the rows come table by table."""
    with _connected(url) as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table, text in rows.items():
            with connection.cursor().copy(f"COPY {table} FROM STDIN") as lines:
                lines.write(text)
        for name, value in sequences:
            connection.execute("SELECT setval(%s::regclass, %s)", (name, value))
