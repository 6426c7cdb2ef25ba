"""机构调整: organs renamed, merged, and parts of their work handed over; each one act, seen before it is done."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, make_response, redirect, request
from flask_admin import expose

import cases.operations
from admin.forms import clean_text
from admin.record_form import WrittenView
from admin.signed_in import now
from content.operations import handing_over
from content.operations.handing_over import Group
from county import ledger, reorganising
from county.calendar import county_day
from county.errors import RefusedError
from county.organs import Organ, organ_by_code_or_name
from county.privacy import find_personal_data
from database import db

LABELS = {"rename": "更名", "merge": "并入其他机构", "transfer": "移交部分职责"}
EVERYTHING = "applications"


@dataclass(frozen=True)
class Preview:
    """What an act would do, in sentences; its mark tells whether it is still the same when it is confirmed."""

    act: str
    moves: Sequence[str]
    pages: Sequence[str]
    cautions: Sequence[str]

    @property
    def mark(self) -> str:
        text = json.dumps([self.act, *self.moves, *self.pages, *self.cautions])
        return hashlib.sha256(text.encode()).hexdigest()


class OrganChanges(WrittenView):
    """The pages of an organ on which it is changed as a whole."""

    @expose("/change/", methods=("GET", "POST"))
    def change_view(self) -> Any:
        """Choose an act, see what it would do, and do it."""
        organ = self.the_one(request.args.get("id"))
        if request.method == "GET":
            return self._ask(organ)
        try:
            return self._change(organ)
        except RefusedError as refusal:
            db.session.rollback()
            return make_response(self._ask(self.the_one(str(organ.id)), refusal), 422)

    def _change(self, organ: Organ) -> Any:
        if not organ.is_active:
            raise RefusedError("这个机构已经停用，不能再调整。")
        act = request.form.get("act", "")
        steps: dict[str, Callable[[Organ], tuple[Preview, Callable[[], None]]]] = {
            "rename": self._rename,
            "merge": self._merge,
            "transfer": self._transfer,
        }
        if act not in steps:
            raise RefusedError("请选择要办理的调整。")
        preview, do = steps[act](organ)
        seen = request.form.get("seen")
        if seen != preview.mark:
            is_other = seen is not None
            page = self.render(
                "office/organs/preview.html", organ=organ, preview=preview, label=LABELS[act],
                given=list(request.form.items(multi=True)), is_other=is_other,
            )  # fmt: skip
            return make_response(page, 409 if is_other else 200)
        do()
        ledger.owe("publish_site", "all", at=now())
        db.session.commit()
        flash(f"{LABELS[act]}已办理，公开网站随后更新。", "good")
        return redirect(self.get_url(".change_view", id=organ.id))

    def _rename(self, organ: Organ) -> tuple[Preview, Callable[[], None]]:
        name, short = _typed("name", 200), _typed("short_name", 100)
        number, on = _typed("document_no", 100), self._day()
        _refuse_personal(name, short, number)
        if not name or name == organ.name:
            raise RefusedError("请填写新的机构名称，不能与现在的名称相同。", "name")
        preview = Preview(
            "rename",
            [f"“{organ.name}”更名为“{name}”，{on}起。"],
            [
                "所有页面上的机构名称改为新名称，机构页面列出曾用名和截止日期，网址不变。",
                "已公开的信息注明发布时的机构名称。",
            ],
            [],
        )

        def do() -> None:
            handing_over.note_name(organ)
            given = {"on": on, "document_no": number, "by": self.officer.id, "at": now()}
            reorganising.rename(organ, name, short, **given)

        return preview, do

    def _merge(self, organ: Organ) -> tuple[Preview, Callable[[], None]]:
        target, number, on = self._target(organ), _typed("document_no", 100), self._day()
        _refuse_personal(number)
        groups = handing_over.groups_of(organ)
        people, sections = reorganising.officers_of(organ), reorganising.sections_of(organ)
        applications = cases.operations.applications_of(organ.id)
        moves = [f"“{organ.name}”并入“{target.name}”，{on}起停用。", *_listed(groups)]
        moves += [f"群众申请和办件：{applications} 件"] if applications else []
        moves += [f"下级科室和窗口：{sections} 个"] if sections else []
        moves += [f"工作人员：{'、'.join(each.name for each in people)}"] if people else []
        preview = Preview(
            "merge", moves, _pages(organ, target, is_closed=True), _cautions(organ, target)
        )  # fmt: skip

        def do() -> None:
            moved = handing_over.hand_over(organ, target, [group.key for group in groups])
            handing_over.follow_organ(organ, target)
            moved["applications"] = cases.operations.hand_over(organ.id, target.id)
            moved |= reorganising.close_into(organ, target, on=on)
            self._record("merge_organ", organ, target, moved, number, on)

        return preview, do

    def _transfer(self, organ: Organ) -> tuple[Preview, Callable[[], None]]:
        target, number, on = self._target(organ), _typed("document_no", 100), self._day()
        _refuse_personal(number)
        chosen = set(request.form.getlist("group"))
        groups = [group for group in handing_over.groups_of(organ) if group.key in chosen]
        ids = {int(text) for text in request.form.getlist("officer") if text.isascii() and text.isdigit()}
        people = [each for each in reorganising.officers_of(organ) if each.id in ids]
        applications = cases.operations.applications_of(organ.id) if EVERYTHING in chosen else 0
        if not groups and not people and not applications:
            raise RefusedError("请选择要移交的内容。", "group")
        moves = [f"从“{organ.name}”移交给“{target.name}”，{on}起：", *_listed(groups)]
        moves += [f"群众申请和办件：{applications} 件"] if applications else []
        moves += [f"工作人员：{'、'.join(each.name for each in people)}"] if people else []
        preview = Preview(
            "transfer", moves, _pages(organ, target, is_closed=False), _cautions(organ, target) if people else []
        )  # fmt: skip

        def do() -> None:
            moved = handing_over.hand_over(organ, target, [group.key for group in groups])
            if applications:
                moved["applications"] = cases.operations.hand_over(organ.id, target.id)
            moved["officers"] = reorganising.move_officers(organ, target, {each.id for each in people})
            self._record("transfer_work", organ, target, moved, number, on)

        return preview, do

    def _record(
        self, verb: str, organ: Organ, target: Organ, moved: dict[str, int], number: str, on: date
    ) -> None:
        counts = {name: count for name, count in moved.items() if count}
        details = {"into": target.name, "day": on.isoformat(), "document_no": number, **counts}
        db.session.flush()
        ledger.record(verb, organ, by=self.officer.id, at=now(), organ_id=organ.id, details=details)

    def _target(self, organ: Organ) -> Organ:
        """Who takes over: an organ this administrator keeps as well."""
        text = _typed("target", 200)
        found = organ_by_code_or_name(text) if text else None
        within = self.get_one(found.id) if found else None
        return reorganising.check_target(organ, within)

    def _day(self) -> date:
        """The day of the decision; what is to be done later is done later."""
        today = county_day(now())
        try:
            on = date.fromisoformat(request.form.get("on") or today.isoformat())
        except ValueError:
            raise RefusedError("日期请写成 2026-03-02 这样。", "on") from None
        if on > today:
            raise RefusedError("调整即时生效，日期不能晚于今天；请到那一天再办理。", "on")
        return on

    def _ask(self, organ: Organ, refusal: RefusedError | None = None) -> str:
        return self.render(
            "office/organs/change.html",
            organ=organ,
            refusal=refusal,
            groups=handing_over.groups_of(organ),
            people=reorganising.officers_of(organ),
            applications=cases.operations.applications_of(organ.id),
            today=county_day(now()).isoformat(),
            successor=db.session.get(Organ, organ.successor_id) if organ.successor_id else None,
            given=request.form,
        )


def _typed(name: str, longest: int) -> str:
    text = clean_text(request.form.get(name)).strip()
    if len(text) > longest:
        raise RefusedError(f"内容太长，最多{longest}个字符。", name)
    return text


def _refuse_personal(*texts: str) -> None:
    """Names of organs stand on every page, and numbers of documents in the ledger."""
    for text in texts:
        for found in find_personal_data(text):
            raise RefusedError(f"不能含有{found.kind.label}（{found.masked}），请删除。", "name")


def _listed(groups: Sequence[Group]) -> list[str]:
    return [f"{group.label}：{group.size} 条" for group in groups]


def _pages(organ: Organ, target: Organ, *, is_closed: bool) -> list[str]:
    pages = [
        "信息和事项的网址、索引号、事项编码都不变；页面上的机构改为新机构，已公开的信息注明发布时的机构名称。",
        f"“{target.name}”的列表、目录和公开事项增加这些内容。",
    ]
    if is_closed:
        pages.append(
            f"“{organ.name}”的列表页 /xxgk/o/{organ.id}/、/zwfw/o/{organ.id}/ 自动转到 /xxgk/o/{target.id}/、/zwfw/o/{target.id}/。"
        )
    else:
        pages.append(f"“{organ.name}”的页面保留，不再列出这些内容。")
    return pages


def _cautions(organ: Organ, target: Organ) -> list[str]:
    names = reorganising.holders_in(organ)
    if not names:
        return []
    return [
        f"角色不随机构移动。下列人员持有“{organ.name}”的角色，需要安全管理员在“人员与角色”中重新授予“{target.name}”的角色：{'、'.join(names)}。"
    ]
