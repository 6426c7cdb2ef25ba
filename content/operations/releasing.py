"""Asking for the release of a file with personal data, and granting it. Nobody does both."""

from datetime import datetime

from content import rules
from content.models import Edition, FileRelease
from county import ledger
from database import db


def ask_release(
    edition: Edition, attachment_id: int, *, ground: str, note: str, by: int, at: datetime
) -> FileRelease:
    """Ask that a file of a draft may be public with what was found in it (申请放行); asking again replaces the ground.

    Raises: WrongStateError unless it is a draft or was returned; Fault without a file, a ground or a reason.
    """
    rules.next_state(edition.state, "save")
    file = next((file for file in edition.attachments if file.id == attachment_id), None)
    rules.check_release(file, edition, ground, note)
    assert file is not None  # noqa: S101 - for the type checker: refused above
    release = file.release_in(edition.document.file_releases)
    if release is None:
        release = FileRelease(sha256=file.sha256, suffix=file.suffix)
        edition.document.file_releases.append(release)
    release.ground, release.note = ground, note.strip()[:2000]
    release.asked_by_id, release.asked_at = by, at
    release.granted_by_id = release.granted_at = None
    db.session.flush()
    _record("ask_release", edition, release, by, at)
    return release


def grant_releases(edition: Edition, *, by: int, at: datetime) -> None:
    """Grant every release that was asked for in the edition, as its reviewer."""
    for _file, release in rules.releases_pending(edition):
        release.granted_by_id, release.granted_at = by, at
        _record("grant_release", edition, release, by, at)


def _record(verb: str, edition: Edition, release: FileRelease, by: int, at: datetime) -> None:
    details = {"file": release.sha256, "ground": release.ground}
    ledger.record(verb, edition, by=by, at=at, organ_id=edition.document.organ_id, details=details)
