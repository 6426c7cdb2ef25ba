"""How commands speak: data to standard output, talk to standard error, exit codes as the contract says."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pkgutil import resolve_name
from typing import Any, NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from county.errors import RefusedError
from county.keys import KeyringError

FAILED, WRONG_USAGE, DONE_IN_PART, BUSY = 1, 2, 3, 75


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, default=str))


def say(message: str) -> None:
    """A message for the person, on standard error."""
    click.echo(message, err=True)


def fail(message: str, status: int = FAILED) -> NoReturn:
    """Say what went wrong and end with this exit status."""
    say(message)
    sys.exit(status)


@contextmanager
def refusals_said() -> Iterator[None]:
    """A refusal inside ends the command with its message and status 1."""
    try:
        yield
    except RefusedError as error:
        fail(error.message)


class Group(AppGroup):
    """A group of commands in which what an operator can cure is said in a sentence, not in a trace.

    Commands `elsewhere` ("module:name") are loaded when they are asked for: publishing need not wait for what only an import uses.
    """

    def __init__(self, *given: Any, elsewhere: Mapping[str, str] | None = None, **named: Any):
        super().__init__(*given, **named)
        self._elsewhere = elsewhere or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted({*super().list_commands(ctx), *self._elsewhere})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        found = super().get_command(ctx, cmd_name)
        return resolve_name(self._elsewhere[cmd_name]) if not found and cmd_name in self._elsewhere else found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command asked for."""
        try:
            return super().invoke(ctx)
        except KeyringError as error:
            fail(str(error))
        except (OperationalError, ProgrammingError) as error:
            if not any(
                sign in str(error.orig) for sign in ("no such table", "no such column", "does not exist")
            ):
                raise
            fail("The database is not at the current schema. Run: flask db upgrade")
