"""Attaching stored files to drafts."""

from collections.abc import Sequence
from datetime import datetime

from content import rules
from content.files import StoredFile
from content.models import Attachment, Edition
from content.operations.standing import note_written
from county import ledger
from database import db


def attach(
    edition: Edition, files: Sequence[StoredFile], *, by: int | None, at: datetime
) -> list[Attachment]:
    """Make the draft's attachments exactly these files, in this order; a file that stays keeps its record.

    Raises: WrongStateError unless the edition is a draft or was returned.
    """
    rules.next_state(edition.state, "save")
    before = [(file.sha256, file.suffix, file.display_name) for file in edition.attachments]
    wanted = list({(file.sha256, file.suffix): file for file in files}.values())
    if before == [(file.sha256, file.suffix, file.display_name) for file in wanted]:
        return list(edition.attachments)
    present = {(file.sha256, file.suffix): file for file in edition.attachments}
    edition.attachments[:] = [_placed(present, file, place) for place, file in enumerate(wanted)]
    db.session.flush()
    note_written(edition)
    ledger.record(
        "attach", edition, by=by, at=at, organ_id=edition.document.organ_id, details={"files": len(wanted)}
    )
    return list(edition.attachments)


def _placed(present: dict[tuple[str, str], Attachment], file: StoredFile, place: int) -> Attachment:
    attachment = present.get((file.sha256, file.suffix)) or Attachment(
        sha256=file.sha256, suffix=file.suffix, size_bytes=file.size_bytes
    )
    attachment.display_name, attachment.position = file.display_name[:300], place
    return attachment
