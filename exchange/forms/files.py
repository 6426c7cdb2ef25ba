"""Forms as files: an item's form written, many in an archive, and forms read from what was sent in. All with limits."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from content import inspection
from content.files import FileRefusedError, held, readable_name
from content.models import ServiceEdition
from exchange.errors import UnreadableFileError
from exchange.forms.excel import excel_file
from exchange.forms.reading import Form, forms_in
from exchange.forms.sheet import Paper, catalogue_paper, item_paper
from exchange.forms.word import word_file
from extraction.grids import Tables

FORMATS = ("docx", "xlsx")
MOST_ITEMS = 1_000  # in an archive that is written
MOST_FILES = 300  # in an archive that is read
MOST_UNPACKED = 100 * 1024 * 1024  # bytes of an archive that is read
MOST_RATIO = 200
MOST_FORMS = 1_000  # brought in at once
NO_NAME = re.compile(r'[\\/:*?"<>|]')  # what no name of a file holds on somebody's computer
DAMAGED = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError)


def written(paper: Paper, suffix: str, *, at: datetime) -> tuple[str, bytes]:
    """A form as a file: its name and its bytes."""
    content = excel_file(paper) if suffix == "xlsx" else word_file(paper, at=at)
    return readable_name(f"{NO_NAME.sub('_', paper.name)}.{suffix}"), content


def item_file(edition: ServiceEdition, suffix: str, site_code: str, *, at: datetime) -> tuple[str, bytes]:
    """The form of an item."""
    return written(item_paper(edition, site_code), suffix, at=at)


def archive(
    organ_name: str, editions: Sequence[ServiceEdition], suffix: str, site_code: str, *, at: datetime
) -> tuple[str, bytes]:
    """The catalogue of an organ and the form of each of its items.

    Raises: UnreadableFileError when they are too many for one archive.
    """
    if len(editions) > MOST_ITEMS:
        raise UnreadableFileError(f"共{len(editions)}个事项，超过了一次{MOST_ITEMS}个的上限，请分机构下载。")
    out, used = io.BytesIO(), set[str]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        papers = [catalogue_paper(organ_name, editions), *(item_paper(each, site_code) for each in editions)]
        for paper in papers:
            name, content = written(paper, suffix, at=at)
            package.writestr(_unused(name, used), content)
    return readable_name(f"{organ_name}-附录1表式-{suffix}.zip"), out.getvalue()


def _unused(name: str, used: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    found, number = name, 1
    while found in used:
        number += 1
        found = f"{stem}-{number}{dot}{suffix}"
    used.add(found)
    return found


def forms_from(
    stream: BinaryIO, name: str, folder: Path, *, max_bytes: int, also: Mapping[str, str] | None = None
) -> list[Form]:
    """Every form in a file, or in the files of an archive.

    Raises: UnreadableFileError for what cannot be read as a whole, naming the file and the cure.
    """
    if name.lower().endswith(".zip"):
        forms = [
            form
            for inner, content in _unpacked(stream, name, max_bytes)
            for form in _read(io.BytesIO(content), inner, folder, max_bytes, also)
        ]
    else:
        forms = _read(stream, name, folder, max_bytes, also)
    if len(forms) > MOST_FORMS:
        raise UnreadableFileError(
            f"文件“{name}”里共有{len(forms)}个事项，超过了一次{MOST_FORMS}个的上限，请拆分成几个文件。"
        )
    return forms


def _read(
    stream: BinaryIO, name: str, folder: Path, max_bytes: int, also: Mapping[str, str] | None
) -> list[Form]:
    return forms_in(tables_of(stream, name, folder, max_bytes=max_bytes), readable_name(name), also)


def tables_of(stream: BinaryIO, name: str, folder: Path, *, max_bytes: int) -> Tables:
    """The tables of a Word or Excel file, read in the closed process.

    Raises: UnreadableFileError naming the file and the cure.
    """
    suffix = Path(name).suffix.lower()
    name = readable_name(name)
    if suffix not in (".docx", ".xlsx"):
        raise UnreadableFileError(
            f"文件“{name}”不是 docx 或 xlsx 文件。请在 Word、WPS 或 Excel 中另存为 docx 或 xlsx 后再导入。"
        )
    try:
        with held(stream, name, folder, max_bytes=max_bytes) as file:
            found = inspection.tables(file, suffix)
    except FileRefusedError as refusal:
        raise UnreadableFileError(f"文件“{name}”不能导入：{refusal.reason}。") from None
    if isinstance(found, str):
        raise UnreadableFileError(f"文件“{name}”不能导入：{found}。")
    return found


def _unpacked(stream: BinaryIO, name: str, max_bytes: int) -> Iterator[tuple[str, bytes]]:
    """The Word and Excel files of an archive."""
    packed = stream.read(max_bytes + 1)
    if len(packed) > max_bytes:
        raise UnreadableFileError(
            f"文件“{name}”超过了 {max_bytes // (1024 * 1024)} MB 的上限，请分几次导入。"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as package:
            for member in _members(package, name, len(packed)):
                with package.open(member) as inner:
                    yield _name_of(member), inner.read(member.file_size + 1)[: member.file_size]
    except DAMAGED:
        raise UnreadableFileError(f"文件“{name}”已损坏或设有密码，请重新压缩后再导入。") from None


def _members(package: zipfile.ZipFile, name: str, packed: int) -> list[zipfile.ZipInfo]:
    """The forms of an archive by its directory, before anything of it is unpacked."""
    members = [member for member in package.infolist() if not member.is_dir()]
    total = sum(member.file_size for member in members)
    if len(members) > MOST_FILES or total > MOST_UNPACKED or total > MOST_RATIO * max(1, packed):
        raise UnreadableFileError(
            f"压缩包“{name}”解开后超过了 {MOST_FILES} 个文件或 {MOST_UNPACKED // (1024 * 1024)} MB 的上限，请分几次导入。"
        )
    found = [member for member in members if _is_form(_name_of(member))]
    if not found:
        raise UnreadableFileError(f"压缩包“{name}”里没有 docx 或 xlsx 文件。")
    return found


def _is_form(name: str) -> bool:
    last = PurePosixPath(name).name
    return last.lower().endswith((".docx", ".xlsx")) and not last.startswith(("~$", "._"))


def _name_of(member: zipfile.ZipInfo) -> str:
    """The name of a member; archives made on Windows in China say it in GB 18030."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename
