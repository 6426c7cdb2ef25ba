"""Uploads of a form: stored at once and carried on as signed references, so that no other fault loses a file."""

from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, cast

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from admin.editions.rows import ROW, Typed, append_row
from admin.forms import Faults
from admin.signed_in import now
from content import operations, rules
from content.files import FileRefusedError, StoredFile, readable_name, store
from content.models import Attachment, Edition, FileRelease
from database import db
from extraction import CLEANABLE
from installation import settings

MOST_FILES = 20
MOST_FINDINGS = 20  # shown of one file


def take_uploads(typed: Typed) -> Faults:
    """Store the files of this request and put references to them into what was typed; return what was refused."""
    faults: Faults = {}
    for place, (key, upload) in enumerate(request.files.items(multi=True)):
        if not upload.filename:
            continue
        if place >= MOST_FILES:
            faults.setdefault("files", []).append(f"一次最多上传{MOST_FILES}个文件，其余的请保存后再传。")
            break
        try:
            _refer(typed, key, take_in(upload))
        except FileRefusedError as refusal:
            faults.setdefault(key, []).append(refusal.message)
    return faults


def take_in(upload: FileStorage) -> StoredFile:
    """Check a file by its content, store it and look into it.

    Raises: FileRefusedError saying why not.
    """
    kept = store(
        cast(BinaryIO, upload.stream),
        upload.filename or "",
        settings().upload_folder,
        max_bytes=settings().upload_max_mb * 1024 * 1024,
    )
    if reason := _refusal(kept):
        raise FileRefusedError(kept.display_name, reason)
    return kept


def look_into(edition: Edition) -> None:
    """Have every attachment searched that no search has looked into yet."""
    operations.search_files(edition.attachments, settings().upload_folder, at=now())


@dataclass(frozen=True)
class FileFound:
    """What was found in one attachment that is no contact of an office, and whether it is released."""

    file: Attachment
    findings: list[dict[str, Any]]
    more: int
    release: FileRelease | None

    @property
    def may_be_cleaned(self) -> bool:
        """Whether a copy can be made in which it is masked."""
        return self.release is None and self.file.suffix in CLEANABLE


def files_found(edition: Edition) -> list[FileFound]:
    """The attachments with personal data."""
    contacts = rules.declared_contacts(edition)
    found = [(file, rules.findings_in(file, contacts)) for file in edition.attachments]
    return [
        FileFound(
            file,
            findings[:MOST_FINDINGS],
            len(findings[MOST_FINDINGS:]) + (file.search.more if file.search else 0),
            file.release_in(edition.document.file_releases),
        )
        for file, findings in found
        if findings
    ]


def _refusal(kept: StoredFile) -> str:
    """Why the file cannot be looked into, or nothing. What was found in it stays found, whatever becomes of the form."""
    found = operations.search_files([kept], settings().upload_folder, at=now())
    db.session.commit()
    return found[0].refusal if found else ""


def reference(file: Attachment | StoredFile) -> str:
    """A signed reference to a stored file. Unsigned, a form could attach whatever lies in the folder."""
    return _signer().dumps([file.sha256, file.suffix, file.size_bytes, file.display_name])


def referred(token: str | None, display_name: str = "") -> StoredFile | None:
    """The file a reference stands for, under the name given now; None when it was not made here."""
    try:
        sha256, suffix, size, name = _signer().loads(token or "")
    except (BadData, ValueError):
        return None
    file = StoredFile(sha256, suffix, size, name)
    return StoredFile(**{**asdict(file), "display_name": _with_suffix(display_name, suffix) or name})


def _with_suffix(name: str, suffix: str) -> str:
    """A name may be changed, what the file is may not."""
    name = name.strip()
    if not name:
        return ""
    name = readable_name(name)
    return (
        name
        if name.lower().endswith(suffix) or (suffix == ".jpg" and name.lower().endswith(".jpeg"))
        else name + suffix
    )


def _refer(typed: Typed, key: str, kept: StoredFile) -> None:
    row = ROW.match(key)
    if row:  # a file of its own row, such as a form to download
        field = "sample_reference" if row[3] == "sample" else "reference"
        typed[f"{row[1]}-{row[2]}-{field}"] = reference(kept)
    else:
        append_row(typed, "attachments", {"reference": reference(kept), "display_name": kept.display_name})


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="stored file")
