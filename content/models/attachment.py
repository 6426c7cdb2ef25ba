"""Files attached to editions (附件). The bytes lie in the upload folder under their hash; names are for display only."""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.models.file_release import FileRelease
from content.models.file_search import FileSearch
from database import db


class Attachment(db.Model):
    """A file attached to an edition (附件)."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    display_name: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    suffix: Mapped[str] = mapped_column(String(10))  # checked against the content, with its dot
    size_bytes: Mapped[int]

    search: Mapped[FileSearch | None] = relationship(
        primaryjoin="and_(foreign(Attachment.sha256) == FileSearch.sha256, foreign(Attachment.suffix) == FileSearch.suffix)",
        viewonly=True,
    )  # what was found in it, once it was looked into

    def release_in(self, releases: Sequence[FileRelease]) -> FileRelease | None:
        """The release of exactly these bytes, if it is among these."""
        return next((one for one in releases if (one.sha256, one.suffix) == (self.sha256, self.suffix)), None)

    @property
    def stored_name(self) -> str:
        """The file's place below the upload folder."""
        return f"{self.sha256[:2]}/{self.sha256}{self.suffix}"
