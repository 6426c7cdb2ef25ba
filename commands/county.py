"""`flask county`: the first steps of an installation."""

from datetime import UTC, datetime

import click

from commands.output import Group, fail, refusals_said, say
from content import founding, operations
from county.keys import Keyring
from county.regions import the_site
from database import db
from installation import settings

county_group = Group("county", help="An installation's own region and site.")


@county_group.command("init")
@click.argument("name")
@click.argument("code")
def init(name: str, code: str) -> None:
    """Give an empty installation its region NAME with division CODE, its site and the standard channels.

    Example: flask county init 青崖县 990123
    """
    if the_site() is not None:
        fail("This installation has a site already; nothing was changed.")
    with refusals_said():
        founding.found(name, code, at=datetime.now(UTC))
    if not settings().key_folder.exists():
        Keyring.create(settings().key_folder)
        say(
            f"Made the installation's keys in {settings().key_folder}; keep a copy in a safe place elsewhere."
        )
    db.session.commit()
    say(f"{name}（{code}）: region, site and standard channels are there.")
    say("Next: flask exchange import organs FILE, then flask officers create. Codes of the channels:")
    say("flask exchange export channels FILE")


@county_group.command("count")
def count() -> None:
    """Count anew how complete and how fresh every document is. Acts keep this up to date; an upgrade says if it is needed.

    Example: flask county count
    """
    last: int | None = 0
    while last is not None:
        last = operations.count_standing(after=last)
        db.session.commit()
    say("Every document was counted.")
