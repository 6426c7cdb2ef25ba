"""Files that rows name: found beside the row, stored, attached, and tied to the service forms they belong to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content import operations
from content.files import StoredFile, store
from content.models import Attachment, Edition, ServiceEdition, ServiceForm
from exchange.errors import UnreadableValueError
from exchange.fields import SERVICE_FORMS
from exchange.run import ImportOptions
from exchange.sources import Row
from exchange.values import Reader

LONGEST_PATH = 1000  # characters


@dataclass(frozen=True)
class FormFiles:
    """The files of one service form: the blank one to fill in, and one filled in as an example (示范文本)."""

    blank: Path | None = None
    sample: Path | None = None


def files_beside(reader: Reader, row: Row) -> list[Path]:
    """The attachments a row names, each a path beside its file.

    Raises: UnreadableValueError for a path that leads elsewhere, and for a file that is not there.
    """
    return [_beside(name, row, "attachments") for name in reader.names("attachments")]


def form_files_beside(reader: Reader, row: Row) -> list[FormFiles]:
    """The files of each service form of a row, in their order.

    Raises: UnreadableValueError as for other attachments, naming the list of forms.
    """
    if "service_forms" not in reader:
        return []
    forms = reader.records("service_forms", SERVICE_FORMS, "form_name", {})
    return [FormFiles(_named(form, "file", row), _named(form, "sample", row)) for form in forms]


def differ(
    edition: Edition, files: Sequence[Path], form_files: Sequence[FormFiles], options: ImportOptions
) -> bool:
    """Whether a row names other files than the edition has; a row that names none does not speak of them."""
    wanted = _all(files, form_files)
    if not wanted:
        return False
    stored = {path: _key(_stored(path, options)) for path in wanted}
    if [_key(file) for file in edition.attachments] != list(dict.fromkeys(stored.values())):
        return True
    named = [tuple(path and stored.get(path) for path in (form.blank, form.sample)) for form in form_files]
    if not any(map(any, named)) or not isinstance(edition, ServiceEdition):
        return False
    return [_keys(form) for form in edition.service_forms] != named


def attach(
    edition: Edition, files: Sequence[Path], form_files: Sequence[FormFiles], options: ImportOptions
) -> list[Attachment]:
    """Make the files a row names the edition's attachments; a row that names none changes nothing."""
    wanted = _all(files, form_files)
    if not wanted:
        return list(edition.attachments)
    stored = [_stored(path, options) for path in wanted]
    operations.search_files(stored, options.uploads, at=options.at)
    return operations.attach(edition, stored, by=options.by, at=options.at)


def with_files(
    forms: Sequence[Mapping[str, Any]],
    form_files: Sequence[FormFiles],
    attached: Sequence[Attachment],
    options: ImportOptions,
) -> list[dict[str, Any]]:
    """Rows of service forms with the ids of the attachments that hold their blank and their filled forms."""
    ids = {_key(file): file.id for file in attached}

    def id_of(path: Path | None) -> int | None:
        return ids[_key(_stored(path, options))] if path else None

    return [
        {**form, "attachment_id": id_of(files.blank), "sample_attachment_id": id_of(files.sample)}
        for form, files in zip(forms, form_files, strict=True)
    ]


def _keys(form: ServiceForm) -> tuple[tuple[str, str] | None, ...]:
    return tuple(file and _key(file) for file in (form.attachment, form.sample_attachment))


def _all(files: Sequence[Path], form_files: Sequence[FormFiles]) -> list[Path]:
    return [*files, *(path for form in form_files for path in (form.blank, form.sample) if path)]


def _key(file: StoredFile | Attachment) -> tuple[str, str]:
    return file.sha256, file.suffix


def _stored(path: Path, options: ImportOptions) -> StoredFile:
    with path.open("rb") as stream:
        return store(stream, path.name, options.uploads, max_bytes=options.upload_max_bytes)


def _named(form: Reader, field: str, row: Row) -> Path | None:
    name = form.line(field)
    return _beside(name, row, "service_forms") if name else None


def _beside(name: str, row: Row, field: str) -> Path:
    root = row.folder.resolve()
    if len(name) > LONGEST_PATH:
        raise UnreadableValueError(
            field, f"附件名“{name[:40]}…”共{len(name)}个字，超过了{LONGEST_PATH}个字的上限，请缩短。"
        )
    try:
        path = (root / name).resolve()
        is_there = path.is_file()
    except OSError:  # a name that no file can have
        path, is_there = root / "-", False
    if "\\" in name or Path(name).is_absolute() or not path.is_relative_to(root):
        raise UnreadableValueError(field, f"附件“{name}”不在导入文件所在的文件夹内，不能读取。")
    if not is_there:
        raise UnreadableValueError(field, f"找不到附件“{name}”，请放在导入文件所在的文件夹内。")
    return path
