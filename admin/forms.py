"""What the forms of the back office are made of: fields in Chinese, repeatable rows, faults by field."""

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import wtforms
from wtforms import validators
from wtforms.fields import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FieldList,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import Choice, SelectChoice  # pyright: ignore[reportAttributeAccessIssue]

from content.errors import IncompleteError
from county.calendar import COUNTY_ZONE
from county.errors import RefusedError

MOST_ROWS = 200
TYPED_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?", re.ASCII)
UNTYPED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class OfficeForm(wtforms.Form):
    """A form whose messages are Chinese."""

    class Meta:
        locales = ("zh",)

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(name)


class Line(StringField):
    """One line of text."""

    def __init__(
        self, label: str, *, longest: int = 200, hint: str = "", required: bool = False, **given: Any
    ):
        checks: list[Any] = [validators.Length(max=longest, message=f"{label}不能超过{longest}个字。")]
        if required:
            checks.insert(0, validators.DataRequired(f"请填写{label}。"))
        super().__init__(label, checks, filters=[_stripped], description=hint, **given)


class Paragraphs(TextAreaField):
    """Text of several lines."""

    def __init__(self, label: str, *, rows: int = 4, hint: str = "", longest: int = 20_000, **given: Any):
        checks = [validators.Length(max=longest, message=f"{label}不能超过{longest}个字。")]
        super().__init__(
            label, checks, filters=[_unix_lines], description=hint, render_kw={"rows": rows}, **given
        )


class Day(DateField):
    """A day, which may be left open."""

    def __init__(self, label: str, *, hint: str = "", **given: Any):
        super().__init__(label, [validators.Optional()], description=hint, **given)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(f"{self.label.text}应写成 2026-03-02 这样的日期。") from None


class Moment(DateTimeLocalField):
    """A moment on the county's clock, which may be left open."""

    def __init__(self, label: str, *, hint: str = "", **given: Any):
        super().__init__(label, [validators.Optional()], description=hint, **given)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        try:
            self.data = read_moment(text) if text else None
        except ValueError:
            self.data = None
            raise ValueError(f"{self.label.text}应写成 2026-03-02 09:30 这样的时间。") from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return typed_moment(self.data if isinstance(self.data, datetime) else None)


def read_moment(text: str) -> datetime:
    """A moment as a browser sends it, without a zone: it is on the county's clock.

    Raises: ValueError.
    """
    if not TYPED_MOMENT.fullmatch(text.strip()):
        raise ValueError(text)
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=COUNTY_ZONE).astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None


def typed_moment(at: datetime | None) -> str:
    """A moment as a browser would send it, with seconds or milliseconds (no more) only where it has some; nothing where there is none."""
    if at is None:
        return ""
    exactness = "milliseconds" if at.microsecond else "seconds" if at.second else "minutes"
    return at.astimezone(COUNTY_ZONE).replace(tzinfo=None).isoformat(timespec=exactness)


class Number(IntegerField):
    """A whole number, which may be left open."""

    def __init__(self, label: str, *, largest: int = 9999, hint: str = "", **given: Any):
        checks = [
            validators.Optional(),
            validators.NumberRange(0, largest, f"{label}应为0到{largest}的整数。"),
        ]
        super().__init__(label, checks, description=hint, **given)

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text:
            if not (text.isascii() and text.isdigit() and len(text) < 10):
                raise ValueError(f"{self.label.text}应为整数。")
            self.data = int(text)


class Pick(SelectField):
    """A choice between members of an enumeration, or ids of records; blank stands for none."""

    def __init__(
        self,
        label: str,
        *,
        members: type[enum.Enum] | None = None,
        labels: Callable[[Any], str] = lambda member: str(member.value),
        blank: str | None = None,
        hint: str = "",
        **given: Any,
    ):
        self.blank = blank
        choices = [SelectChoice(member.value, labels(member)) for member in members or ()]
        read = members if members else int
        super().__init__(
            label,
            coerce=lambda value: None if value in (None, "", "None") else read(value),
            choices=([SelectChoice("", blank)] if blank is not None else []) + choices,
            description=hint,
            validate_choice=False,
            **given,
        )

    def offer(self, choices: Iterable[tuple[int, str]]) -> None:
        """Set the records that may be chosen."""
        first = [SelectChoice("", self.blank)] if self.blank is not None else []
        self.choices = first + [SelectChoice(str(value), label) for value, label in choices]

    @property
    def offered(self) -> list[SelectChoice]:
        """What may be chosen."""
        offered: Any = self.choices
        return offered

    def iter_choices(self) -> Iterator[Any]:
        for choice in self.offered:
            yield Choice(choice.value, choice.label, choice.value == self._chosen, {})

    @property
    def _chosen(self) -> str:
        chosen = self.data.value if isinstance(self.data, enum.Enum) else self.data
        return "" if chosen is None else str(chosen)

    def pre_validate(self, form: Any) -> None:
        if self._chosen not in {choice.value for choice in self.offered}:
            raise validators.ValidationError(f"请在列表中选择{self.label.text}。")


class YesNo(SelectField):
    """Yes, no, or not said."""

    def __init__(self, label: str, *, yes: str = "是", no: str = "否", unsaid: str = "未说明", **given: Any):
        self.answers = {"": unsaid, "yes": yes, "no": no}
        super().__init__(
            label,
            coerce=lambda value: {"yes": True, "no": False, True: True, False: False}.get(value),
            choices=[SelectChoice(value, label) for value, label in self.answers.items()],
            validate_choice=False,
            **given,
        )

    def iter_choices(self) -> Iterator[Any]:
        chosen = "" if self.data is None else "yes" if self.data else "no"
        for value, label in self.answers.items():
            yield Choice(value, label, value == chosen, {})


class Rows(FieldList):
    """Records that repeat, such as materials; blank rows are dropped when the form is read."""

    def __init__(
        self, label: str, row: type[OfficeForm], *, hint: str = "", add_label: str = "再加一行", **given: Any
    ):
        super().__init__(FormField(row), label, max_entries=MOST_ROWS, **given)
        self.row, self.hint, self.add_label = row, hint, add_label

    def pattern(self) -> OfficeForm:
        """A blank row, its number left open, from which a script makes new ones."""
        return self.row(prefix=f"{self.name}-__n__-")

    def offer_blank(self) -> None:
        """Leave a blank row to type in, without a script."""
        if len(self.entries) < MOST_ROWS and (not self.entries or _is_filled(self.entries[-1].form)):
            self.append_entry()

    def filled(self) -> list[dict[str, Any]]:
        """The rows in which something was typed; a list box alone says nothing."""
        return [entry.form.data for entry in self.entries if _is_filled(entry.form)]


def _is_filled(row: wtforms.Form) -> bool:
    return any(
        field.data not in (None, "") for field in row if not isinstance(field, SelectField | BooleanField)
    )


Faults = dict[str, list[str]]


def faults_of(form: wtforms.Form) -> Faults:
    """What is wrong with a form, by the name of the field, rows included."""
    found: Faults = {}
    for field in form:
        for name, messages in _field_faults(field):
            found.setdefault(name, []).extend(messages)
    return found


def add_refusal(faults: Faults, refusal: RefusedError) -> None:
    """Add what the rules said to what the form said."""
    for fault in refusal.faults if isinstance(refusal, IncompleteError) else [refusal]:
        faults.setdefault(fault.field or "", []).append(fault.message)


def _field_faults(field: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(field, Rows):
        for entry in field.entries:
            for inner in entry.form:
                if inner.errors:
                    yield inner.name, list(inner.errors)
    elif field.errors:
        yield field.name, list(field.errors)


def clean_text(text: str | None) -> str:
    """What was typed without characters that no database and no page can hold, lines ended the short way."""
    return UNTYPED.sub("", (text or "").replace("\r\n", "\n"))


def clean_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a small form, each cleaned."""
    return {name: clean_text(value) for name, value in fields.items()}


def _stripped(text: str | None) -> str:
    return clean_text(text).strip()


def _unix_lines(text: str | None) -> str:
    return clean_text(text).strip("\n")
