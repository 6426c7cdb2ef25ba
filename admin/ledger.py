"""操作记录: the ledger, to be read and never to be changed."""

from typing import Any

from sqlalchemy.orm import joinedload

from admin.editions.view import organ_choices
from admin.officer_view import Choice, RecordView, scope_of
from admin.words import SUBJECT_LABELS, VERB_LABELS
from county.ledger import Act
from county.officers import Officer, Right


class LedgerView(RecordView):
    """Acts of the organs the officer oversees, newest first."""

    rights = frozenset({Right.READ_LEDGER})
    title = "操作记录"
    intro = "谁在什么时候做了什么。记录只增加，不能修改或删除。"
    search_hint = "姓名或登录名"
    list_template = "office/ledger.html"
    column_list = ("at", "verb")
    column_labels = {"at": "时间", "verb": "操作"}
    column_sortable_list = ()
    column_default_sort = ("id", True)
    search_columns = (Officer.name, Officer.login)
    page_size = 50

    def __init__(self) -> None:
        super().__init__(Act, name="操作记录", endpoint="ledger", category="监督")

    def scope(self, query: Any) -> Any:
        query = query.outerjoin(Officer, Act.actor_id == Officer.id)
        organs = scope_of(self.officer, self.rights)
        return query if organs is None else query.filter(Act.organ_id.in_(organs))

    def loaded(self, query: Any) -> Any:
        return query.options(joinedload(Act.actor))

    def get_filters(self) -> Any:
        return [
            Choice(
                "verb",
                "操作",
                lambda: list(VERB_LABELS.items()),
                lambda query, value: query.filter(Act.verb == value),
            ),
            Choice(
                "subject",
                "对象",
                lambda: list(SUBJECT_LABELS.items()),
                lambda query, value: query.filter(Act.subject_kind == value),
            ),
            Choice(
                "organ", "机构", organ_choices, lambda query, value: query.filter(Act.organ_id == int(value))
            ),
        ]
