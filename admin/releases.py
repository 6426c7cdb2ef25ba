"""发布记录: what was brought to the public site and when it was seen there, and what is kept back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, request
from flask_admin import expose
from sqlalchemy.orm import joinedload

import publisher
from admin.officer_view import OfficerView, scope_of
from admin.publication import HELD, STILL_SHOWN
from admin.signed_in import the_officer
from admin.site_words import CHANGES, is_worth_showing, page_words, titles_of
from content import queries
from content.models import Document, Edition, Question
from county import ledger
from county.officers import Right
from database import db
from installation import settings

MOST_SHOWN = 50
MOST_FILES = 500
PUBLISHING = (
    "publish_document",
    "publish_question",
    "publish_case",
    "publish_organ",
    "publish_alert",
    "publish_site",
)
KIND_LABELS = {
    publisher.PublicationKind.BUILD: "全站生成",
    publisher.PublicationKind.PUBLISH: "增量发布",
    publisher.PublicationKind.ROLLBACK: "回退",
}
UNFINISHED = (
    "有一次发布还没有做完，下一次发布会先把它做完。几分钟后仍是这样的，请检查后台程序 flask work 是否在运行。"
)


@dataclass(frozen=True)
class KeptPage:
    """A page that is kept back, or has something wrong with it: whose it is, and the edition to be mended."""

    address: str
    reason: str
    organ: str
    edition: Edition | None
    is_shown: bool


class ReleasesView(OfficerView):
    """Publications, newest first. Whoever oversees some organs sees names and pages of these only."""

    rights = frozenset({Right.ADMINISTER, Right.PUBLISH, Right.READ_LEDGER})

    def __init__(self) -> None:
        super().__init__(name="发布记录", endpoint="releases", url="releases", category="监督")

    @expose("/")
    def index_view(self) -> Any:
        """The newest publications, and how things stand."""
        organs = scope_of(the_officer(), self.rights)
        found = publisher.publications(MOST_SHOWN)
        return self.render(
            "office/releases/list.html",
            releases=found,
            contents=publisher.contents_of(found, organs),
            kind_labels=KIND_LABELS,
            kept=_kept_pages(organs),
            troubles=_troubles(is_held=bool(found) and found[0].holds),
            reads_back=bool(settings().read_back_url),
            most=MOST_SHOWN,
        )

    @expose("/details/")
    def details_view(self) -> Any:
        """One publication with its files, from hash to hash."""
        release = publisher.publication_named(request.args.get("release", "")) or abort(404)
        found = publisher.files_of(release, count=MOST_FILES)
        files = [file for file in found if is_worth_showing(file.path)]
        return self.render(
            "office/releases/page.html",
            release=release,
            content=publisher.contents_of([release], scope_of(the_officer(), self.rights))[release.id],
            kind_labels=KIND_LABELS,
            change_labels=CHANGES,
            files=files,
            is_cut=len(found) == MOST_FILES,
            titles=titles_of(file.path for file in files),
            page_words=page_words,
            reads_back=bool(settings().read_back_url),
        )


def _troubles(*, is_held: bool) -> list[tuple[str, str]]:
    """What keeps the site from being up to date, and how it is to be shown."""
    found = []
    if is_held:
        found.append((HELD, "error"))
    if publisher.is_unfinished():
        found.append((UNFINISHED, "warn"))
    failed = [one for one in ledger.waiting_errands() if one.kind in PUBLISHING and one.state == "failed"]
    if failed:
        text = f"有 {len(failed)} 项发布多次没有成功，已停止重试。最近的错误：{failed[-1].last_error}。排除故障后运行 flask site publish。"
        found.append((text, "error"))
    return found


def _kept_pages(organs: set[int] | None) -> list[KeptPage]:
    """Pages kept back; those that belong to no organ are everybody's."""
    found, rows = [], publisher.pages_kept_back()
    documents = _owners(Document, (row.subject_id for row in rows if row.subject_kind == "document"))
    questions = _owners(Question, (row.subject_id for row in rows if row.subject_kind == "question"))
    live = {edition.document_id: edition for edition in queries.live_editions(documents)} if documents else {}
    for row in rows:
        document = documents.get(row.subject_id) if row.subject_kind == "document" else None
        owner = document or (questions.get(row.subject_id) if row.subject_kind == "question" else None)
        if owner is not None and organs is not None and owner.organ_id not in organs:
            continue
        found.append(
            KeptPage(
                address=row.page,
                reason=row.reason.replace(STILL_SHOWN, ""),
                organ=owner.organ.name if owner else "",
                edition=live.get(document.id) if document else None,
                is_shown=STILL_SHOWN in row.reason,
            )
        )
    return found


def _owners(kind: type[Any], ids: Iterable[int]) -> dict[int, Any]:
    """Records by their ids, each with its organ."""
    wanted = set(ids)
    query = db.select(kind).where(kind.id.in_(wanted)).options(joinedload(kind.organ))
    return {row.id: row for row in db.session.scalars(query)} if wanted else {}
