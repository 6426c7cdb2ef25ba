"""The list and the page of editions of one kind; acts on them. Writing is in writing.py."""

from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import expose
from flask_admin.actions import action
from markupsafe import Markup
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

import publisher
from admin.editions.acts import ACTS, OPEN, EditionAct, open_acts, seen_mark
from admin.editions.clock_notes import clock_notes
from admin.editions.filters import in_scope
from admin.editions.listing import EDITORIAL, ListedView
from admin.editions.plans import decides_on_plan, plan_in_short
from admin.editions.progress import review_of, waits_for
from admin.editions.undoing import may_be_undone, taken_back
from admin.editions.uploads import files_found, look_into
from admin.forms import Faults, OfficeForm, add_refusal, clean_fields
from admin.officer_view import row_id, scope_of
from admin.previews import DAYS, DAYS_AT_FIRST, PreviewLink
from admin.publication import note_on
from admin.releases import ReleasesView
from admin.signed_in import now
from content import operations, queries, rules, standing
from content.errors import ChangedMeanwhileError, PlanChangedError
from content.models import Attachment, Document, DocumentKind, Edition, EditionState
from county import ledger
from county.errors import NotAllowedError, RefusedError
from county.officers import Right, may
from database import db
from installation import settings

MOST_AT_ONCE = 20
EDITIONS = selectinload(Document.editions).options(
    defer(Edition.body), defer(Edition.body_html), defer(Edition.extra)
)
SHOWN_APART = ("title", "summary", "body")  # they have places of their own on the page


class EditionsView(ListedView):
    """Documents of one kind by their latest edition. It holds no rule: every act is a call into content.operations."""

    kind: DocumentKind
    form_class: type[OfficeForm]
    groups: tuple[tuple[str, tuple[str, ...]], ...]  # headings of the form and of the page, with their fields
    shown_fields: tuple[str, ...]  # those the page shows as label and value
    rights = EDITORIAL
    rights_by_page = {
        "create_view": frozenset({Right.EDIT}),
        "edit_view": frozenset({Right.EDIT}),
        "keep_view": frozenset({Right.EDIT}),
        "preview_view": frozenset({Right.EDIT}),
        "upload_view": frozenset({Right.EDIT}),
        "forget_view": frozenset({Right.EDIT}),
        "correct_view": frozenset({Right.EDIT}),
        "correction_view": frozenset({Right.EDIT, Right.REVIEW}),
    }
    pages = frozenset({
        "index_view", "details_view", "document_view", "create_view", "edit_view", "act_view", "action_view", "preview_view",
        "plan_view", "share_view", "versions_view", "compare_view", "keep_view", "forget_view", "upload_view",
        "correct_view", "correction_view", "undo_view",
    })  # fmt: skip
    list_template = "office/editions/list.html"
    page_template = "office/editions/page.html"
    column_list = ("title", "updated_at")
    column_labels = {"title": "标题", "updated_at": "更新时间"}
    column_sortable_list = ("title", "updated_at")
    column_default_sort = ("updated_at", True)
    search_columns = (Edition.title, Document.number)
    path = ""  # of the public pages

    def scope(self, query: Any) -> Any:
        query = query.join(Document, self.model.document_id == Document.id)
        organs = scope_of(self.officer, EDITORIAL)
        return query if organs is None else query.filter(in_scope(self.officer, organs, of_many=False))

    def get_one(self, id: Any) -> Any:
        """An edition with what every page of it shows, in few statements."""
        text = str(id)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            return None
        document = contains_eager(self.model.document)
        return self.whole(self.model.id == int(text)).options(document.options(EDITIONS)).first()

    def whole(self, *wanted: Any) -> Any:
        """A query of these editions within the officer's scope, each with its document, its files and its sub-records."""
        query = self.scope(db.session.query(self.model)).filter(*wanted)
        return query.options(
            contains_eager(self.model.document).options(
                joinedload(Document.organ),
                joinedload(Document.channel),
            ),
            selectinload(self.model.attachments).joinedload(Attachment.search),
        )

    def rights_for(self, page: str, **arguments: Any) -> frozenset[Right]:
        if page == "act_view":
            act = ACTS.get(arguments.get("verb", ""))
            return act.rights if act else EDITORIAL
        return super().rights_for(page, **arguments)

    @expose("/details/")
    def details_view(self) -> Any:
        """The page of an edition: its text, what it lacks, what may be done, and what was done."""
        return self.page_of(self.the_one(request.args.get("id")))

    @expose("/document/")
    def document_view(self) -> Any:
        """The page of the edition of a document on which one goes on."""
        document = db.session.get(Document, row_id(request.args.get("id"))) or abort(404)
        edition_id, _state = standing.pages_of([document]).get(document.id) or abort(404)
        return redirect(self.get_url(".details_view", id=self.the_one(str(edition_id)).id))

    @expose("/act/<verb>/", methods=("POST",))
    def act_view(self, verb: str) -> Any:
        """Do one act to one edition."""
        act = ACTS.get(verb) or abort(404)
        edition = self.the_one(request.args.get("id"))
        try:
            after = self._perform(act, edition)
        except NotAllowedError:
            raise
        except PlanChangedError as refusal:
            self._ask_again(edition, refusal)
            after = None
        except RefusedError as refusal:
            db.session.rollback()
            return self.page_of(edition, verb=verb, refusal=refusal), 422
        return redirect(self.get_url(".details_view", id=(after or edition).id))

    @action("submit", "送审所选")
    def submit_chosen(self, ids: list[str]) -> None:
        """Submit the drafts chosen in the list."""
        self._perform_on_all(ACTS["submit"], ids)

    @action("publish", "发布所选")
    def publish_chosen(self, ids: list[str]) -> None:
        """Publish the approved editions chosen in the list."""
        self._perform_on_all(ACTS["publish"], ids)

    def is_action_allowed(self, name: str) -> bool:
        act = ACTS.get(name)
        return act is not None and any(may(self.officer, right) for right in act.rights)

    def page_of(
        self, edition: Edition, *, verb: str = "", refusal: RefusedError | None = None,
        preview_link: PreviewLink | None = None,
    ) -> str:  # fmt: skip
        """Render an edition's page; a refused act stands open with what was typed."""
        document, proofs = edition.document, publisher.proofs_of(edition.document)
        gaps = rules.gaps_in(edition)
        faults: Faults = {}
        acts = open_acts(self.officer, edition)
        is_approving = any(act.verb == "approve" for act in acts) and decides_on_plan(edition)
        if refusal:
            add_refusal(faults, refusal)
        return self.render(
            self.page_template,
            edition=edition,
            document=document,
            acts=acts,
            plan=plan_in_short(edition) if is_approving else None,
            force_grounds=rules.FORCE_GROUNDS,
            refused_verb=verb,
            faults=faults,
            seen=seen_mark(edition),
            typed=_still_true(refusal),
            missing=rules.faults_before_publication(edition),
            gaps=[gap for gap in gaps if gap.message],
            page_score=rules.score_of(gaps),
            unread=rules.unread_parts(edition),
            files_found=files_found(edition),
            pending_releases=rules.releases_pending(edition),
            release_grounds=rules.RELEASE_GROUNDS,
            history=self._history(document),
            review=review_of(edition, self.officer),
            correction=self.correction_on(edition),
            sections=self.sections(edition),
            reasons=rules.WITHDRAWAL_REASONS,
            state_labels=rules.STATE_LABELS,
            may_edit=may(self.officer, Right.EDIT, document.organ_id),
            is_live=edition.state is EditionState.PUBLISHED,
            site_note=note_on(edition, proofs),
            proofs=proofs,
            sees_releases=any(may(self.officer, right) for right in ReleasesView.rights),
            is_open=edition.state in OPEN,
            preview_link=preview_link,
            preview_days=(DAYS, DAYS_AT_FIRST),
            clock_notes=list(clock_notes(edition, now())),
            merged_into=queries.live_edition(document.merged_into_id) if document.merged_into_id else None,
            leading_here=queries.redirects_to(document.id),
            public_page=self.public_page(document),
            live=next((other for other in document.editions if other.state is EditionState.PUBLISHED), None),
        )

    def correction_on(self, edition: Edition) -> dict[str, Any]:
        """What the page says of corrections of slips."""
        return {}

    def public_page(self, document: Document) -> str:
        """The address of a document's public page."""
        return f"{settings().public_url}/{self.path}/{document.id}/"

    def sections(self, edition: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
        """The fields of an edition under headings, as its page shows them."""
        form = self.form_class()
        return [
            (
                heading,
                [
                    (form[name].label.text, getattr(edition, name))
                    for name in names
                    if name in self.shown_fields and name not in SHOWN_APART
                ],
            )
            for heading, names in self.groups
        ]

    def _perform(self, act: EditionAct, edition: Edition) -> Edition | None:
        act.check(self.officer, edition)
        fields = clean_fields(request.form)
        act.check_seen(edition, fields.get("seen", ""))
        look_into(edition)
        after = act.perform(edition, fields, self.officer.id, now())
        db.session.commit()
        flash(self._said(act, edition), "good")
        return after

    def _ask_again(self, edition: Edition, refusal: PlanChangedError) -> None:
        """What is not as it was approved goes back to whoever approved it."""
        db.session.rollback()
        operations.ask_again(edition, refusal.message, by=self.officer.id, at=now())
        db.session.commit()
        flash(f"没有发布。{refusal.message}", "error")

    def _said(self, act: EditionAct, edition: Edition) -> str | Markup:
        if act.verb in ("approve", "record_confirmation"):
            waits = waits_for(edition)
            return f"{act.done}现在等待：{waits}。" if waits else "审核已通过，等待发布。"
        if act.verb not in ("publish", "force_publish", "withdraw"):
            return act.done
        address = self.public_page(edition.document)
        return Markup('{} 页面地址：<a href="{}">{}</a>').format(act.done, address, address)

    @expose("/undo/", methods=("POST",))
    def undo_view(self) -> Any:
        """Undo what was just done to several editions of the list, as far as it can be undone."""
        undone = 0
        for each in taken_back(self.endpoint):
            edition = self.the_one(str(each.edition_id))
            try:
                each.act.check(self.officer, edition)
                each.act.check_seen(edition, each.seen)
                each.check(edition)
                each.act.perform(edition, each.fields, self.officer.id, now())
                db.session.commit()
                undone += 1
            except RefusedError as refusal:
                db.session.rollback()
                flash(f"《{edition.title}》没有撤销：{refusal.message}", "error")
        flash(f"已撤销{undone}件。" if undone else "没有可以撤销的。", "good" if undone else "warn")
        return redirect(self.get_url(".index_view"))

    def _perform_on_all(self, act: EditionAct, ids: list[str]) -> None:
        done: list[Edition] = []
        for text in ids[:MOST_AT_ONCE]:
            edition = self.the_one(text)
            title = edition.title
            try:
                act.check(self.officer, edition)
                act.check_seen(edition, request.form.get(f"seen-{edition.id}", seen_mark(edition)))
                look_into(edition)
                act.perform(edition, {}, self.officer.id, now())
                db.session.commit()
                done.append(edition)
            except PlanChangedError as refusal:
                self._ask_again(edition, refusal)
            except RefusedError as refusal:
                db.session.rollback()
                flash(f"《{title}》没有{act.label}：{refusal.message}", "error")
        if done:
            flash(f"共{len(done)}件：{act.done}", "good")
            may_be_undone(self.endpoint, act, done)
        if not ids:
            flash(f"没有选中任何稿件，请先勾选再点“{act.label}所选”。", "warn")

    def _history(self, document: Document) -> list[ledger.Act]:
        table = self.model.__tablename__
        subjects = [(table, edition.id) for edition in document.editions]
        return list(ledger.acts_on([*subjects, ("document", document.id)]))


def _still_true(refusal: RefusedError | None) -> dict[str, str]:
    """What was typed into a refused act; that a text was reviewed is not said of another text."""
    typed = request.form.to_dict() if refusal else {}
    if isinstance(refusal, ChangedMeanwhileError):
        typed.pop("secrecy_reviewed", None)
    return typed
