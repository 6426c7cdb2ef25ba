"""What happens by the clock: scheduled publication, taking back what has expired, closing consultations. The worker calls it."""

from datetime import datetime

from content import operations, queries
from database import db
from installation import settings


def tick(now: datetime) -> int:
    """Do what is due and commit; return how many editions were dealt with, failures on record included.

    It asks the database, not a timetable: what came due while no worker ran is done by the first tick after. A new
    edition goes live before the one it replaces expires, so that the document does not vanish in between.
    """
    due = [file for edition in queries.due_editions(now) for file in edition.attachments]
    operations.search_files(due, settings().upload_folder, at=now)
    done = operations.publish_due(now) + operations.withdraw_expired(now)
    done += operations.close_consultations(now)
    db.session.commit()
    return done
