"""What an edition holds, each field as a text: rows that repeat are a line each. So any two editions can be compared."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from wtforms.fields import BooleanField

from admin.editions.uploads import referred
from admin.forms import OfficeForm, Rows, YesNo
from admin.words import shown
from content.models import Edition, ServiceEdition

OF_THE_DOCUMENT = {"version", "organ", "channel"}  # on the form, but not the edition's
FILES = {"reference": "", "sample_reference": "示范文本"}  # signed references, and how the file is called
LEFT_OUT = {"display_name", "drop_file", "drop_sample"}  # said with the file
UNTYPED = "untyped"  # what came by import and no form shows


def texts_of(edition: Edition, form: OfficeForm, values: Mapping[str, Any]) -> dict[str, str]:
    """Every field by its name; `values` is what the edition holds as the form takes it."""
    texts = form_texts(form, values)
    untyped = {name: value for name, value in edition.extra.items() if not isinstance(value, str)}
    if isinstance(edition, ServiceEdition) and edition.form:
        untyped["form"] = edition.form
    if untyped:
        texts[UNTYPED] = json.dumps(untyped, ensure_ascii=False, indent=1, sort_keys=True)
    return texts


def form_texts(form: OfficeForm, values: Mapping[str, Any]) -> dict[str, str]:
    """Every field of a form with these values by its name."""
    return {
        field.name: _text(field, values.get(field.name))
        for field in form
        if field.name not in OF_THE_DOCUMENT
    }


def _text(field: Any, value: Any) -> str:
    if isinstance(field, Rows):
        row = field.row()
        return "\n".join("；".join(_cells(row, one)) for one in value or [])
    if isinstance(field, YesNo):
        return "" if value is None else field.answers["yes" if value else "no"]
    if isinstance(field, BooleanField):
        return "是" if value else "否"
    return "" if value is None else shown(value) if value != "" else ""


def _cells(row: OfficeForm, values: Mapping[str, Any]) -> Iterator[str]:
    for field in row:
        value = values.get(field.name)
        if value in (None, "") or field.name in LEFT_OUT:
            continue
        if field.name in FILES:
            yield _file(value, FILES[field.name])
        else:
            yield f"{field.label.text}：{_text(field, value)}"


def _file(reference: str, label: str) -> str:
    """A file by its name and content: another file under the same name is another text."""
    file = referred(reference)
    if file is None:
        return ""
    return (
        f"{label}{'：' * bool(label)}{file.display_name}（{file.size_bytes} 字节，校验码 {file.sha256[:12]}）"
    )
