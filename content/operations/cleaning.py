"""Putting a cleaned copy in the place of an attachment with personal data."""

import tempfile
from datetime import datetime
from pathlib import Path

import extraction
from content import files, inspection, rules
from content.errors import Fault
from content.models import Attachment, Edition
from content.operations.searching import search_files
from content.operations.writing import claim_version
from county import ledger
from database import db


def clean_attachment(
    edition: Edition, attachment_id: int, *, folder: Path, max_bytes: int, by: int, at: datetime
) -> Attachment:
    """Replace a draft's attachment by a copy in which what was found is masked (清理附件).

    What cannot be masked, such as a number parted over the cells of a table, is still found afterwards.

    Raises: WrongStateError unless it is a draft or was returned; StaleVersionError; Fault for what cannot be cleaned.
    """
    rules.next_state(edition.state, "save")
    file = next((file for file in edition.attachments if file.id == attachment_id), None)
    if file is None:
        raise Fault("这个附件已经不在稿件中，请刷新页面。", "attachments")
    if file.suffix not in extraction.CLEANABLE:
        raise Fault(f"“{file.display_name}”不能自动清理，请在原文件中删除或遮挡后重新上传。", "attachments")
    claim_version(edition, None)
    before = file.sha256
    copy = _cleaned_copy(edition, file, folder, max_bytes)
    file.sha256, file.size_bytes = copy.sha256, copy.size_bytes
    db.session.flush()
    search_files([file], folder, at=at)
    ledger.record(
        "clean_file", edition, by=by, at=at, organ_id=edition.document.organ_id,
        details={"from": before, "to": copy.sha256},
    )  # fmt: skip
    return file


def _cleaned_copy(edition: Edition, file: Attachment, folder: Path, max_bytes: int) -> files.StoredFile:
    source = folder / file.stored_name
    if not source.is_file():
        raise Fault(f"“{file.display_name}”已经丢失，请重新上传。", "attachments")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".cleaning-") as place:
        copy = Path(place) / "copy"
        contacts = rules.declared_contacts(edition)
        refusal = inspection.clean(source, file.suffix, copy, contacts)
        if refusal:
            raise Fault(f"“{file.display_name}”不能自动清理：{refusal}。", "attachments")
        with copy.open("rb") as stream:
            return files.store(stream, f"copy{file.suffix}", folder, max_bytes=max_bytes)
