"""Looking into attachments before anybody may publish them."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect as inspect_state
from sqlalchemy.dialects import postgresql, sqlite

import extraction
from content.files import StoredFile
from content.inspection import inspect
from content.models import Attachment, FileSearch
from database import db


def search_files(files: Iterable[Attachment | StoredFile], folder: Path, *, at: datetime) -> list[FileSearch]:
    """What stands in these files; those that no search of today's version looked into are looked into now.

    A file that is no longer in the folder stays unsearched, and so unpublished.
    """
    found, files = [], list(files)
    for sha256, suffix, stored_name in {(file.sha256, file.suffix, file.stored_name) for file in files}:
        search = db.session.get(FileSearch, (sha256, suffix))
        if search is None or search.version < extraction.VERSION:
            search = _search(folder / stored_name, sha256, suffix, at)
        if search is not None:
            found.append(search)
    for file in files:
        if isinstance(file, Attachment) and inspect_state(file).persistent:
            db.session.expire(file, ["search"])
    return found


def _search(file: Path, sha256: str, suffix: str, at: datetime) -> FileSearch | None:
    if not file.is_file():
        return None
    result = inspect(file, suffix, sha256).as_data()
    values = {"version": extraction.VERSION, "searched_at": at, **result}
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(FileSearch).values(sha256=sha256, suffix=suffix, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["sha256", "suffix"], set_=values))
    return db.session.get(FileSearch, (sha256, suffix), populate_existing=True)
