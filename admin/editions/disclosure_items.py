"""政府信息公开事项."""

from typing import Any

from admin.editions import disclosure_form
from admin.editions.view import SHOWN_APART, channel_filter, organ_filter, state_filter, year_filter
from admin.editions.writing import WritingView
from admin.forms import OfficeForm
from content.models import DisclosureEdition, DocumentKind, Edition


class DisclosuresView(WritingView):
    """信息公开."""

    kind = DocumentKind.DISCLOSURE
    form_class = disclosure_form.DisclosureForm
    groups = disclosure_form.GROUPS
    path = "xxgk"
    title = "信息公开"
    new_label = "新建信息"
    intro = "政府信息公开专栏的文件、公告、公报等，每个文件一行，显示最新的一稿。"
    search_hint = "标题或索引号"
    column_labels = {"title": "标题", "updated_at": "更新时间"}

    def __init__(self) -> None:
        super().__init__(DisclosureEdition, name="信息公开", endpoint="disclosures", category="内容")

    def get_filters(self) -> Any:
        return [state_filter(), organ_filter(), channel_filter(), year_filter()]

    def typed_values(self, form: OfficeForm, edition: Edition | None) -> dict[str, Any]:
        return disclosure_form.typed_values(form, edition)

    def shown_values(self, edition: Any) -> dict[str, Any]:
        return disclosure_form.shown_values(edition)

    def sections(self, edition: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
        form = self.form_class()
        return [
            (
                heading,
                [
                    (form[name].label.text, getattr(edition, name))
                    for name in names
                    if name in disclosure_form.PLAIN and name not in SHOWN_APART
                ],
            )
            for heading, names in self.groups
        ]
