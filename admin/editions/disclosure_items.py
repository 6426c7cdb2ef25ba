"""政府信息公开事项."""

from typing import Any

from sqlalchemy.orm import selectinload

from admin.editions import disclosure_form
from admin.editions.filters import channel_filter, organ_filter, state_filter, year_filter
from admin.editions.links import said_links
from admin.editions.writing import WritingView
from content.models import DisclosureEdition, DocumentKind


class DisclosuresView(WritingView):
    """信息公开."""

    kind = DocumentKind.DISCLOSURE
    form_class = disclosure_form.DisclosureForm
    groups = disclosure_form.GROUPS
    shown_fields = disclosure_form.PLAIN
    typed_values = staticmethod(disclosure_form.typed_values)
    shown_values = staticmethod(disclosure_form.shown_values)
    path = "xxgk"
    title = "信息公开"
    new_label = "新建信息"
    intro = "政府信息公开专栏的文件、公告、公报等，每个文件一行，显示最新的一稿。"
    search_hint = "标题或索引号"

    def __init__(self) -> None:
        super().__init__(DisclosureEdition, name="信息公开", endpoint="disclosures", category="内容")

    def whole(self, *wanted: Any) -> Any:
        return super().whole(*wanted).options(selectinload(DisclosureEdition.links))

    def sections(self, edition: Any) -> list[tuple[str, list[tuple[str, Any]]]]:
        """With the relations to other disclosures, each with its title."""
        form, said = self.form_class(), said_links(edition)
        return [
            (heading, [*rows, *((form[name].label.text, said[name]) for name in names if name in said)])
            for (heading, rows), (_, names) in zip(super().sections(edition), self.groups, strict=True)
        ]

    def get_filters(self) -> Any:
        return [state_filter(), organ_filter(), channel_filter(), year_filter()]
