"""What pages show of an edition of either kind: its files, and when it was published."""

from datetime import date

from content.models import Attachment, Edition
from county.calendar import COUNTY_ZONE, county_day
from publisher.facts import FileFacts


def minute_of(edition: Edition, day: date | None) -> str:
    """The moment of publication where it is known; a date that came without a time stays a date."""
    moment = edition.published_at
    if moment is None or (day is not None and county_day(moment) != day) or edition.taken_over_at:
        return f"{day or ''}"
    return f"{moment.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}"


def file_facts(file: Attachment) -> FileFacts:
    """A file as pages show it."""
    return FileFacts(file.display_name, file.sha256, file.suffix, file.size_bytes)
