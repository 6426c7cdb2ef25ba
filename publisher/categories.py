"""Item categories as navigation shows them, in two levels (D-03b, C-02)."""

from dataclasses import dataclass

from content.models import ItemCategory
from content.rules.coding import CATEGORY_CODES


@dataclass(frozen=True)
class Category:
    """An item category as navigation shows it."""

    code: str
    name: str
    group: str

    @property
    def url(self) -> str:
        return f"/zwfw/k/{self.code}/"


CONVENIENCE = "便民服务与公共服务"
POWERS = "行政职权"
CATEGORIES = {
    category: Category(
        CATEGORY_CODES[category][0].lower(),
        category.value,
        CONVENIENCE if category in (ItemCategory.CONVENIENCE, ItemCategory.PUBLIC_SERVICE) else POWERS,
    )
    for category in ItemCategory
}
