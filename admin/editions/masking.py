"""Personal data in what is typed: said while it is written, and masked as the rules prescribe when the writer asks."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from content import rules
from content.models import Edition
from county.privacy import find_personal_data, redact

TEXTS = ("title", "summary", "body")  # those the rule of publication judges


def personal_data_typed(form: Iterable[Any], edition: Edition | None) -> list[str]:
    """Each number found in the texts of a form: the field, its kind, its masked form."""
    contacts = rules.declared_contacts(edition) if edition else ()
    found = [
        f"{field.label.text}：{finding.kind.label} {finding.masked}"
        for field in form
        if field.name in TEXTS
        for finding in find_personal_data(field.data or "", contacts)
    ]
    return list(dict.fromkeys(found))


def masked(typed: MultiDict[str, str], edition: Edition | None) -> MultiDict[str, str]:
    """What was typed with every number in its texts masked; nothing is saved by this.

    Source: 个人信息保护法 art. 28, 51; decisions (masks of identity, mobile and bank card numbers).
    """
    contacts = rules.declared_contacts(edition) if edition else ()
    return MultiDict(
        (name, redact(value, contacts) if name in TEXTS else value) for name, value in typed.items(multi=True)
    )
