"""What organs must publish (政府信息公开事项目录)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from content import rules
from content.errors import Fault
from content.models import Duty
from county import ledger
from database import db

TEXTS = {
    "topic": "一级事项",
    "title": "公开事项",
    "duty": "职责",
    "content": "内容",
    "basis": "依据",
    "time_limit": "时限",
    "list_name": "来源目录",
}
FIELDS = {
    *TEXTS,
    "organ",
    "channel",
    "position",
    "is_active",
    "extra",
    "foreign_id",
    "site_id",
    "kind",
    "document",
}


def save_duty(duty: Duty | None, values: Mapping[str, Any], *, by: int | None, at: datetime) -> Duty:
    """Make or change an entry of the catalogue; the site shows it after the next publication.

    Raises: Fault without a title, or for a text that cannot be stored.
    """
    if duty is None:
        duty = Duty(created_at=at)
    for name in FIELDS & values.keys():
        value = values[name]
        setattr(duty, name, rules.storable(value, TEXTS[name], name) if name in TEXTS else value)
    if not (duty.title or "").strip():
        raise Fault("请填写公开事项的名称。", "title")
    duty.updated_at = at
    db.session.add(duty)
    db.session.flush()
    ledger.record("save", duty, by=by, at=at, organ_id=duty.organ_id)
    ledger.owe("publish_site", "all", at=at)
    return duty
