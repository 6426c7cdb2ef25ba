"""Choosing an organ: from a list where there are few, by its name or code where there are thousands. Works without a script."""

from collections.abc import Collection
from typing import Any

from flask import request
from flask_admin import expose
from wtforms import validators
from wtforms.widgets import TextInput

from admin.forms import Pick
from admin.officer_view import OfficerView
from county.officers import Right
from county.organs import Organ, organs_found
from database import db

MOST_IN_A_LIST = 50
OFFERED = 8


class OrganPick(Pick):
    """An organ. `offer_organs` decides how it is chosen; typed words that fit several are refused with those that fit."""

    is_searched = False
    within: Collection[int] | None = None
    chosen_name = ""

    def offer_organs(
        self, within: Collection[int] | None, present: Organ | None, *, in_use: bool = False
    ) -> None:
        """Set what may be chosen: these ids, None stands for all; `present` is chosen already, in use or not."""
        rows = organs_found("", longest=MOST_IN_A_LIST + 1, within=within, in_use=in_use)
        if len(rows) <= MOST_IN_A_LIST:
            known = [(organ.id, organ.name) for organ in rows]
            if present is not None and present.id not in dict(known):
                known.append((present.id, present.name))
            self.offer(known)
            return
        self.is_searched, self.within, self.widget = True, within, TextInput()
        self.render_kw = {"list": "organs-found", "autocomplete": "off", "data-lookup": "organs"}
        chosen = present if present is not None and present.id == self.data else None
        chosen = chosen or (db.session.get(Organ, self.data) if self.data else None)
        self.chosen_name = chosen.name if chosen else ""

    def propose(self, organ: Organ) -> None:
        """Choose this organ beforehand, if it may be chosen."""
        if self.is_searched:
            if self.within is None or organ.id in self.within:
                self.data, self.chosen_name = organ.id, organ.name
        elif str(organ.id) in {choice.value for choice in self.offered}:
            self.data = organ.id

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.chosen_name

    def pre_validate(self, form: Any) -> None:
        if not self.is_searched:
            super().pre_validate(form)
            return
        words = self._value().strip()
        if not words:
            self.data = None
            return
        found = organs_found(words, longest=OFFERED + 1, within=self.within)
        exact = [organ for organ in found if words in (organ.name, organ.code, str(organ.id))]
        if len(exact or found) != 1:
            self.data = None
            raise validators.ValidationError(self._said(words, [organ.name for organ in found]))
        self.data = (exact or found)[0].id

    def _said(self, words: str, names: list[str]) -> str:
        label = self.label.text
        if not names:
            return f"没有找到名称或代码中有“{words[:60]}”的{label}，请核对后重新填写。"
        more = "等" if len(names) > OFFERED else ""
        return f"“{words[:60]}”对应不止一个{label}，请写全称：{'、'.join(names[:OFFERED])}{more}。"


class LookupView(OfficerView):
    """Names offered while somebody types. What organs there are is public."""

    rights = frozenset(Right)

    def __init__(self) -> None:
        super().__init__(name="查找", endpoint="lookup", url="lookup")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index_view(self) -> Any:
        """The first organs with these words."""
        words = request.args.get("q", "")[:60]
        return {
            "found": [organ.name for organ in organs_found(words, longest=OFFERED)] if words.strip() else []
        }
