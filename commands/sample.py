"""`flask sample`: the fictional county to try things out with."""

from datetime import UTC, datetime
from pathlib import Path

from commands.output import Group, refusals_said, say
from county.calendar import county_day
from county.keys import Keyring
from database import db
from exchange.sample import load_sample
from installation import keyring, settings

FOLDER = Path(__file__).parent.parent / "sample_county"
sample_group = Group("sample", help="The fictional county of Qingya, to try things out with.")


@sample_group.command("load")
def load() -> None:
    """Load the sample county into an empty database; with anything in it, nothing is changed and the status is 1.

    Officers have no passwords: flask officers invite LOGIN prints a one-time link.

    Example: flask sample load
    """
    with refusals_said():
        load_sample_county()


def load_sample_county() -> None:
    """Make keys if there are none, load the county, and say what there is now.

    Raises: RefusedError when the database is not empty.
    """
    now = datetime.now(UTC)
    if not settings().key_folder.exists():
        Keyring.create(settings().key_folder)
    loaded = load_sample(
        FOLDER,
        anchor=settings().sample_anchor or county_day(now),
        now=now,
        keyring=keyring(),
        uploads=settings().upload_folder,
    )
    db.session.commit()
    counts = ", ".join(f"{name} {count}" for name, count in loaded.counts.items())
    say(f"The sample county is there: {counts}, applications {len(loaded.receipts)}.")
