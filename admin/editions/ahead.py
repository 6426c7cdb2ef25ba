"""Looking ahead from an edition: what publishing it would change on the public site, and links to its page to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, request
from flask_admin import expose

import publisher
from admin.editions.acts import OPEN
from admin.editions.correcting import CorrectingView
from admin.previews import DAYS, link_to, moment_of
from admin.publication import HELD, STILL_SHOWN, site_place
from admin.signed_in import now
from admin.site_words import documents_in, is_worth_showing, live_titles, page_words, reason_words
from content import operations, rules
from content.addresses import document_address
from content.errors import Fault
from content.models import DisclosureEdition, Edition, EditionState
from county import ledger
from county.calendar import county_day
from county.errors import RefusedError
from database import db

MOST_PAGES = 100
LONGEST_LINE = 300  # characters
SEND_BACK = "请退回编辑修改后重新送审。"


@dataclass(frozen=True)
class PageChange:
    """A page of the public site that would change: how, why, and the lines that come (+) and go (-)."""

    change: str
    words: str
    address: str
    reasons: list[str]
    lines: list[tuple[str, str]]
    is_own: bool = False


class AheadView(CorrectingView):
    """The pages of an edition on which officers look ahead. They change nothing but the ledger."""

    @expose("/plan/")
    def plan_view(self) -> Any:
        """What publishing this edition would change on the public site, worked out anew each time."""
        edition = self.the_one(request.args.get("id"))
        if edition.state not in OPEN:
            flash("这一稿不在编辑、审核或待发布状态，没有待发生的变化。", "warn")
            return redirect(self.get_url(".details_view", id=edition.id))
        at = moment_of(edition, now())
        plan = publisher.make_plan(
            site_place(),
            publisher.Changes(),
            candidates={edition.document_id: edition.id},
            at=at,
            alone=True,
        )
        files = [file for file in plan.files if is_worth_showing(file.path)]
        document = edition.document
        own = document_address(document.kind, document.id)
        return self.render(
            "office/editions/plan.html",
            edition=edition,
            document=document,
            plan=plan,
            at=at,
            counts={kind: sum(file.change == kind for file in files) for kind in ("added", "changed", "removed")},
            pages=_pages(files[:MOST_PAGES], document.id, own),
            left_out=len(files) - MOST_PAGES,
            public=[each.partition(" ") for each in plan.public],
            live=next((one for one in document.editions if one.state is EditionState.PUBLISHED), None),
            obstacles=list(obstacles(edition, plan, at)),
            notes=list(_notes(plan)),
        )  # fmt: skip

    @expose("/share/", methods=("POST",))
    def share_view(self) -> Any:
        """Make a preview link and show it: here, once, and nowhere else."""
        edition, at = self.the_one(request.args.get("id")), now()
        try:
            days = _days(request.form.get("days", ""))
            if edition.state not in OPEN:
                raise RefusedError("这一稿已经公开或不再使用，不需要预览链接。")
            publisher.preview(site_place(), edition, at=moment_of(edition, at))
        except publisher.PublishError as error:
            return self.page_of(edition, verb="share", refusal=Fault(_not_shown(error.message), "days")), 422
        except RefusedError as refusal:
            return self.page_of(edition, verb="share", refusal=refusal), 422
        link = link_to(edition, days, at=at)
        details = {"expires_at": link.expires_at.isoformat()}
        organ = edition.document.organ_id
        ledger.record("share", edition, by=self.officer.id, at=at, organ_id=organ, details=details)
        db.session.commit()
        return self.page_of(edition, preview_link=link)


def obstacles(edition: Edition, plan: publisher.Plan, at: datetime) -> Iterator[tuple[str, str]]:
    """What stands in the way of publishing this edition, or of its page: the reason and the cure."""
    yield from ((message, "") for message in dict.fromkeys(_refusals(edition, at)))
    before = publisher.kept_back()
    own = document_address(edition.kind, edition.document_id)
    for page in plan.blocked:
        reason = page.reason.replace(STILL_SHOWN, "")
        if page.page == own and STILL_SHOWN in page.reason:
            yield f"页面会公开，但有问题：{reason}。", SEND_BACK
        elif page.page == own:
            yield f"发布后这一稿不会出现在公开网站上：{reason}。", SEND_BACK
        elif before.get(page.page) != page.reason:
            yield f"发布后页面 {page.page} 会有问题：{reason}。", "请先处理该页面，或与系统管理员联系。"


def _refusals(edition: Edition, at: datetime) -> Iterator[str]:
    yield from (fault.message for fault in rules.faults_before_publication(edition))
    missing = operations.number_fault(edition, at=at)
    if missing:
        yield missing.message
    published_on = edition.published_on if isinstance(edition, DisclosureEdition) else None
    for check in (
        lambda: rules.check_expires_at(edition.expires_at, at=at),
        lambda: published_on and rules.check_published_on(published_on, today=county_day(at)),
    ):
        try:
            check()
        except RefusedError as refusal:
            yield refusal.message


def _pages(files: list[publisher.PlannedFile], document: int, own: str) -> list[PageChange]:
    titles = live_titles(documents_in(files))
    pages = [
        PageChange(
            file.change,
            page_words(file.path, file.title),
            address := publisher.address_of(file.path),
            reason_words(file.reason, titles, document),
            [(line[0], _shortened(line[2:])) for line in file.difference],
            is_own=address == own,
        )
        for file in files
    ]
    return sorted(pages, key=lambda page: not page.is_own)


def _notes(plan: publisher.Plan) -> Iterator[str]:
    if publisher.is_held():
        yield HELD
    elif plan.everything:
        yield "系统升级或设置更改后还没有重新发布，下一次发布会更新全站；下面只列出这一稿本身带来的变化。"


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) in DAYS):
        raise Fault(f"有效天数应为 {DAYS[0]} 到 {DAYS[-1]} 天。", "days")
    return int(text)


def _not_shown(reason: str) -> str:
    return f"这一稿现在不能预览：{reason}。请修改后再生成链接。"


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
