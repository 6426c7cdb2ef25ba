"""What the publisher remembers: places in lists, what stands live, and one record for each publication."""

import enum
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database import UtcDateTime, db, stored_as_value

FIRST = "-"  # what the first publication follows
BigId = BigInteger().with_variant(Integer, "sqlite")


class Listing(db.Model):
    """A list of the site (列表): how many places were given in it, and how many of them are taken now."""

    __tablename__ = "listing"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    label: Mapped[str] = mapped_column(String(100), default="")  # of a list that nothing else names
    last_place: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)


class ListPlace(db.Model):
    """The place of a document or question in a list. Given once, in the order of going live, and never to another."""

    __tablename__ = "list_place"
    __table_args__ = (
        UniqueConstraint(
            "subject_kind", "subject_id", "list_key"
        ),  # in this order: it finds the places of a subject
        {"sqlite_with_rowid": False},
    )

    list_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject_kind: Mapped[str] = mapped_column(String(10))  # document, question
    subject_id: Mapped[int]
    is_gone: Mapped[bool] = mapped_column(
        default=False
    )  # it left the list; should it return, this is its place


class ShownDocument(db.Model):
    """Which edition the site shows of a document: the live one, or the last good one while that is kept back."""

    __tablename__ = "shown_document"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)


class KeptBack(db.Model):
    """A page that may not go live as it is, and why (未发布页面)."""

    __tablename__ = "kept_back"

    page: Mapped[str] = mapped_column(String(300), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    subject_kind: Mapped[str] = mapped_column(
        String(10), default=""
    )  # document, question; empty: a shared page
    subject_id: Mapped[int] = mapped_column(default=0)


class LiveFile(db.Model):
    """A file of the live tree: together these rows are the manifest."""

    __tablename__ = "live_file"

    path: Mapped[str] = mapped_column(String(600), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]


class PublicationKind(enum.Enum):
    BUILD = "build"  # 全站生成
    PUBLISH = "publish"  # 增量发布
    ROLLBACK = "rollback"  # 回退


class PublicationState(enum.Enum):
    PREPARED = "prepared"  # certain to go live: everything it needs is on the disk
    LIVE = "live"


class Publication(db.Model):
    """One publication (发布记录): what the live tree was changed to, by whom, and when it was seen there."""

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)  # release
    kind: Mapped[PublicationKind] = mapped_column(stored_as_value(PublicationKind))
    state: Mapped[PublicationState] = mapped_column(stored_as_value(PublicationState), index=True)
    follows: Mapped[str] = mapped_column(
        String(40), unique=True
    )  # of two built upon the same one, one is refused
    tree: Mapped[str] = mapped_column(String(40))  # folder below releases/
    fingerprint: Mapped[str] = mapped_column(String(64))  # of templates, code and settings
    watermark: Mapped[int] = mapped_column(BigId)  # it shows every act up to this one
    ledger_no: Mapped[int] = mapped_column(
        BigId, default=0, server_default="0"
    )  # where the chain of acts ended then
    ledger_seal: Mapped[str] = mapped_column(String(64), default="", server_default="")
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    live_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # read back through the web server
    seen_note: Mapped[str] = mapped_column(Text, default="")  # why it was not seen, while it was not
    pages: Mapped[int] = mapped_column(default=0)
    files: Mapped[int] = mapped_column(default=0)
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    is_held: Mapped[bool] = mapped_column(default=False)  # after a rollback nothing is published by itself

    @property
    def holds(self) -> bool:
        """Whether it asks, as the newest, that nothing goes live by itself."""
        return self.kind is PublicationKind.ROLLBACK and self.is_held


class PublicationFile(db.Model):
    """A file that a publication added, changed or removed, from hash to hash."""

    __tablename__ = "publication_file"

    publication_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("publication.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the order of going live
    path: Mapped[str] = mapped_column(String(600), index=True)
    old_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    new_sha256: Mapped[str | None] = mapped_column(String(64))  # None: removed
    size_bytes: Mapped[int] = mapped_column(default=0)


class PublicationDocument(db.Model):
    """A document whose page a publication changed: which edition, and who published it (proof for the editor)."""

    __tablename__ = "publication_document"

    publication_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("publication.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, index=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))  # None: it was taken back
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("officer.id"))
