"""Files handed in as attachments: checked by what they hold, stored under their hash."""

import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from county.errors import RefusedError

CHUNK_BYTES = 1024 * 1024
MAX_MEMBERS = 5_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_RATIO = 200  # a 63 KB document that unpacks to 336 MB has been seen; honest ones stay below 30
LONGEST_NAME = 150
HIDDEN = re.compile(r"[\ud800-\udfff\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAGIC = {
    ".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n",
    ".doc": OLD_OFFICE, ".xls": OLD_OFFICE, ".wps": OLD_OFFICE,
}  # fmt: skip
PACKED = {
    ".docx": ("[Content_Types].xml", "word/"),
    ".xlsx": ("[Content_Types].xml", "xl/"),
    ".ofd": ("OFD.xml", ""),
}
ACCEPTED = (".pdf", ".docx", ".xlsx", ".jpg", ".jpeg", ".png", ".ofd", ".doc", ".xls", ".wps")
CURES = {
    ".et": "请另存为 xlsx 后上传",
    ".zip": "请解压后逐个上传",
    ".rar": "请解压后逐个上传",
    ".docm": "含有宏，请另存为 docx 后上传",
    ".xlsm": "含有宏，请另存为 xlsx 后上传",
}
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".ofd": "application/ofd",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".wps": "application/vnd.ms-works",
}


class FileRefusedError(RefusedError):
    """A file that is not what it says, too large, or of a kind that is not accepted."""

    def __init__(self, name: str, reason: str):
        super().__init__(f"附件“{name}”没有保存：{reason}。", "files")
        self.name, self.reason = name, reason


@dataclass(frozen=True)
class StoredFile:
    """A file in the upload folder."""

    sha256: str
    suffix: str
    size_bytes: int
    display_name: str

    @property
    def stored_name(self) -> str:
        """Its place below the upload folder."""
        return f"{self.sha256[:2]}/{self.sha256}{self.suffix}"


def store(stream: BinaryIO, name: str, folder: Path, *, max_bytes: int) -> StoredFile:
    """Check a file and store it under its hash; what was acknowledged is on the disk.

    A temporary file beside the final place is written and synced, checked, and renamed, so that a reader never
    sees half a file, and the same contents sent twice are one file.

    Raises: FileRefusedError naming the file and the cure.
    """
    name = readable_name(name)
    suffix = _checked_suffix(name)
    incoming = folder / ".incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as copy:
        try:
            digest, size = _copy(stream, copy, name, max_bytes)
            _check_content(Path(copy.name), suffix, name)
        except BaseException:
            os.unlink(copy.name)
            raise
    stored = StoredFile(digest, suffix, size, name)
    _keep(Path(copy.name), folder / stored.stored_name)
    return stored


@contextmanager
def held(stream: BinaryIO, name: str, folder: Path, *, max_bytes: int) -> Iterator[Path]:
    """A file that is read once and not kept: checked as an attachment is, and gone afterwards.

    Raises: FileRefusedError naming the file and the cure.
    """
    name = readable_name(name)
    suffix = _checked_suffix(name)
    incoming = folder / ".incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=incoming) as copy:
        _copy(stream, copy, name, max_bytes)
        _check_content(Path(copy.name), suffix, name)
        yield Path(copy.name)


def check_file(path: Path) -> None:
    """Raises: FileRefusedError for a file on the disk that is not what its name says, or holds what none may hold."""
    _check_content(path, _checked_suffix(path.name), path.name)


def readable_name(name: str) -> str:
    """The name a reader sees: without folders, hidden or direction-changing characters, and not too long."""
    name = HIDDEN.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"\s+", " ", name).strip().lstrip(".") or "附件"
    stem, dot, suffix = name.rpartition(".")
    return name if len(name) <= LONGEST_NAME else f"{(stem or suffix)[: LONGEST_NAME - 10]}{dot}{suffix[:9]}"


def _checked_suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in ACCEPTED:
        cure = CURES.get(suffix, f"不接受这种文件，可以上传的有 {'、'.join(kind[1:] for kind in ACCEPTED)}")
        raise FileRefusedError(name, cure)
    return ".jpg" if suffix == ".jpeg" else suffix


def _copy(stream: BinaryIO, copy: IO[bytes], name: str, max_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise FileRefusedError(
                name, f"超过了 {max_bytes // (1024 * 1024)} MB 的上限，请压缩图片或拆分文件"
            )
        digest.update(chunk)
        copy.write(chunk)
    if size == 0:
        raise FileRefusedError(name, "文件是空的，请检查后重新选择")
    copy.flush()
    os.fsync(copy.fileno())
    return digest.hexdigest(), size


def _check_content(path: Path, suffix: str, name: str) -> None:
    """The suffix is only what somebody says; the bytes have to agree."""
    with path.open("rb") as file:
        head = file.read(8)
        file.seek(max(0, path.stat().st_size - 2048))
        tail = file.read()
    if suffix in PACKED:
        if not head.startswith(b"PK\x03\x04"):
            raise FileRefusedError(name, f"内容不是 {suffix[1:]} 文件，请用原来的软件重新保存")
        _check_package(path, suffix, name)
    elif not head.startswith(MAGIC[suffix]):
        raise FileRefusedError(name, f"内容不是 {suffix[1:]} 文件，请用原来的软件重新保存")
    if suffix == ".pdf" and b"%%EOF" not in tail:
        raise FileRefusedError(name, "PDF 文件不完整，请重新导出")


def _check_package(path: Path, suffix: str, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefusedError(name, "文件已损坏，请重新保存后上传") from None
    marker, folder = PACKED[suffix]
    names = [member.filename for member in members]
    if marker not in names or not any(member.startswith(folder) for member in names):
        raise FileRefusedError(name, f"内容不是 {suffix[1:]} 文件，请用原来的软件重新保存")
    if any(member.lower().endswith("vbaproject.bin") or "activex/" in member.lower() for member in names):
        raise FileRefusedError(name, "含有宏或控件，请另存为不含宏的文件后上传")
    if any(".." in member.split("/") or member.startswith("/") for member in names):
        raise FileRefusedError(name, "文件内部的路径不正常，请用原来的软件重新保存")
    if any(member.flag_bits & 1 for member in members):
        raise FileRefusedError(name, "文件设有密码，请取消密码后上传")
    unpacked = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED_BYTES
        or (unpacked > 10_000_000 and unpacked / packed > MAX_RATIO)
    ):
        raise FileRefusedError(name, "解开后体积异常，请检查文件内容")


def _keep(copy: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    copy.chmod(0o644)
    os.replace(copy, place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
