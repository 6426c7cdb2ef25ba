"""Files that are no papers of an office, taken as searched and clean where a test is about something else."""

import extraction
from content.files import StoredFile
from content.models import Attachment, FileSearch
from database import db
from tests.people import NOON


def taken_as_clean(file: Attachment | StoredFile) -> None:
    """Note of a file that nothing was found in it."""
    clean = FileSearch(
        sha256=file.sha256, suffix=file.suffix, version=extraction.VERSION, searched_at=NOON, refusal="", findings=[],
        more=0, unread=[],
    )  # fmt: skip
    db.session.merge(clean)
    db.session.flush()
