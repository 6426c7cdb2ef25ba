"""Files handed out and taken in by a request."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, cast

from flask import Response, request, send_file

from county.errors import RefusedError

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
MOST_UPLOADS = 50


def download(name: str, content: bytes) -> Response:
    """A file to be saved, never shown in our own origin."""
    answer = send_file(
        BytesIO(content), mimetype=MEDIA[name.rpartition(".")[2]], as_attachment=True, download_name=name
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def uploads(field: str = "files") -> Iterator[tuple[str, BinaryIO]]:
    """The files of this request.

    Raises: RefusedError when there are none, or too many.
    """
    found = [upload for upload in request.files.getlist(field) if upload.filename]
    if not found:
        raise RefusedError("请先选择要导入的文件。", field)
    if len(found) > MOST_UPLOADS:
        raise RefusedError(f"一次最多选择{MOST_UPLOADS}个文件；更多的请压缩成一个 zip 文件。", field)
    yield from ((str(upload.filename), cast(BinaryIO, upload.stream)) for upload in found)
