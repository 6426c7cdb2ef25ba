"""What happens by the clock: scheduled publication, taking back what has expired, closing consultations. The worker calls it."""

from datetime import datetime
from typing import Any

import publisher
from content import operations, queries
from content.models import Edition
from county.errors import RefusedError
from database import db
from installation import settings


def tick(now: datetime) -> int:
    """Do what is due and commit; return how many editions were dealt with, failures on record included.

    It asks the database, not a timetable: what came due while no worker ran is done by the first tick after. A new
    edition goes live before the one it replaces expires, so that the document does not vanish in between.
    """
    due = [file for edition in queries.due_editions(now) for file in edition.attachments]
    operations.search_files(due, settings().upload_folder, at=now)
    done = operations.publish_due(now, _plan_of) + operations.withdraw_expired(now)
    done += operations.close_consultations(now)
    db.session.commit()
    return done


def _plan_of(edition: Edition) -> dict[str, Any]:
    """The seal of an edition's page as it would be now.

    Raises: RefusedError when no page can be made of it.
    """
    given = settings()
    place = publisher.Place(given.site_folder, given.upload_folder, given.public_url)
    try:
        return publisher.seal_again(place, edition)
    except publisher.PublishError as error:
        raise RefusedError(f"公开页面不能生成：{error.message}。") from None
