"""The order in which the parts of 政府信息公开专栏 stand on its home, as numbers that an administrator sets."""

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict

from admin.forms import Number, OfficeForm
from content import queries
from content.models import ChannelKind
from county.errors import RefusedError
from county.regions import Site
from publisher import DISCLOSURE_PARTS, DISCLOSURE_ROOT

LONGEST = 300  # characters that the setting holds
OWN_PAGES = {"ml": "政府信息公开目录", "ysq": "依申请公开"}  # parts that are no channel


def order_form(site: Site, typed: MultiDict[str, str] | None = None) -> OfficeForm:
    """A number for each part there can be: those shown are numbered, the rest may be left open."""
    shown, fields = _shown(site), {}
    for key, name in _parts(shown):
        hint = "" if key in DISCLOSURE_PARTS else "不填的排在“其他栏目”里。"
        fields[f"part-{key}"] = Number(name, largest=99, hint=hint)
    is_typed = typed is not None and any(name in typed for name in fields)
    form: OfficeForm = type("OrderForm", (OfficeForm,), fields)(typed if is_typed else None)
    if not is_typed:
        for place, key in enumerate(shown, 1):
            if f"part-{key}" in form:
                form[f"part-{key}"].data = place
    return form


def read_order(form: OfficeForm) -> str:
    """What the setting is to be; nothing where it is the order of the law.

    Raises: RefusedError for a part that the law demands and that has no number.
    """
    numbers: dict[str, int] = {}
    for field in form:
        key = field.name.removeprefix("part-")
        if field.data is not None:
            numbers[key] = field.data
        elif key in DISCLOSURE_PARTS:
            raise RefusedError(f"{field.label.text}必须公开，请填写它的顺序。", field.name)
    order = sorted(numbers, key=numbers.__getitem__)  # of two with one number, the one listed first
    said = "" if tuple(order) == DISCLOSURE_PARTS else ",".join(order)
    if len(said) > LONGEST:
        raise RefusedError("列出的部分太多，请少填几个顺序。", f"part-{order[-1]}")
    return said


def _shown(site: Site) -> tuple[str, ...]:
    said = tuple(filter(None, map(str.strip, site.disclosure_order.split(","))))
    return said or DISCLOSURE_PARTS


def _parts(shown: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Key and name of each part there can be, those of the law first; of channels, those right below the column and those shown."""
    channels = {
        channel.code: channel.name
        for channel in queries.channels()
        if channel.kind is ChannelKind.DISCLOSURE
        and channel.code != DISCLOSURE_ROOT
        and (channel.code in shown or channel.parent is None or channel.parent.code == DISCLOSURE_ROOT)
    }
    known = channels | OWN_PAGES
    yield from ((key, known[key]) for key in DISCLOSURE_PARTS if key in known)
    yield from ((code, name) for code, name in channels.items() if code not in DISCLOSURE_PARTS)
