"""政务服务事项."""

from typing import Any

from admin.editions import service_form
from admin.editions.filters import organ_filter, state_filter
from admin.editions.writing import WritingView
from admin.forms import OfficeForm
from admin.officer_view import Choice
from content.files import StoredFile
from content.models import Attachment, DocumentKind, Edition, ItemCategory, ServiceEdition
from content.reading import load_parts
from database import db


class ServicesView(WritingView):
    """办事指南."""

    kind = DocumentKind.SERVICE
    form_class = service_form.ServiceItemForm
    groups = service_form.GROUPS
    shown_fields = (*service_form.PLAIN, *service_form.LISTED)
    typed_values = staticmethod(service_form.typed_values)
    shown_values = staticmethod(service_form.shown_values)
    path = "zwfw"
    title = "办事指南"
    new_label = "新建事项"
    intro = "政务服务事项的办事指南，每个事项一行，显示最新的一稿。"
    search_hint = "事项名称或编码"
    column_labels = {"title": "事项名称", "updated_at": "更新时间"}

    def __init__(self) -> None:
        super().__init__(ServiceEdition, name="办事指南", endpoint="services", category="内容")

    def get_filters(self) -> Any:
        return [state_filter(), organ_filter(), category_filter()]

    def get_one(self, id: Any) -> Any:
        edition = super().get_one(id)
        if edition is not None:
            load_parts([edition])
        return edition

    def both(self, one: Edition, other: Edition) -> tuple[Edition, Edition]:
        found = super().both(one, other)
        load_parts([each for each in found if isinstance(each, ServiceEdition)])
        return found

    def form_files(self, form: OfficeForm) -> list[StoredFile]:
        return super().form_files(form) + [
            file for files in service_form.form_files(form) for file in files if file
        ]

    def last_values(self, form: OfficeForm, files: list[Attachment]) -> dict[str, Any]:
        by_content = {(file.sha256, file.suffix): file for file in files}
        return {"service_forms": service_form.service_forms(form, by_content)}


def category_filter() -> Choice:
    """By kind of item."""
    return Choice(
        "category",
        "事项分类",
        lambda: [(category.value, category.value) for category in ItemCategory],
        lambda query, value: query.filter(
            Edition.id.in_(
                db.select(ServiceEdition.id).where(ServiceEdition.item_category == ItemCategory(value))
            )
        ),
    )
