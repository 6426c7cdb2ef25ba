"""Applying for a service item (网上申请).

The receipt is the answer to the form itself, not a page behind a redirect. The query code must be shown again after a
reload, but the public gets no cookie, and an address that carries the code would end up in logs and histories. Sending
the form once more (reload, Back and send, double click, retry after a broken line) brings the same ticket and so the
same receipt: reload asks the browser's usual question and is safe.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime

from flask import Response, abort, request
from markupsafe import Markup

from cases import operations, rules
from cases.errors import InvalidApplicationError, TicketReusedError
from cases.models import ApplicantKind
from cases.rules import ApplicationInput, ItemSnapshot, LimitSnapshot
from content import queries as content
from content.models import ServiceEdition
from content.rules import may_be_applied_for
from county.calendar import load_calendar
from county.privacy import IdKind
from county.working_days import LegalDay
from database import db
from endpoint import tickets
from endpoint.pages import chrome, render
from endpoint.problems import Problem, page
from installation import keyring
from publisher.qr import qr_svg

TYPED_FIELDS = tuple(field.name for field in fields(ApplicationInput) if field.name != "method")
KEPT = "您填写的内容都在下面，"
EXPIRED = f"页面打开已经超过24小时，这次没有提交。{KEPT}请核对后重新提交。"
UNKNOWN_TICKET = f"没有识别出这份表单的办理凭据，这次没有提交。{KEPT}请核对后重新提交。"
REUSED = (
    "这份表单先前已经提交成功，那份申请的内容没有改变。"
    f"现在的内容与那时不同：{KEPT}如果要另外提交一份新的申请，请核对后再次提交；否则请凭回执查询先前的申请。"
)


@dataclass(frozen=True)
class ItemView:
    """What form and receipt say of the item."""

    code: str
    name: str
    url: str
    organ: str
    department: str
    place: str
    hours: str
    phone: str
    supervision_phone: str
    promised_limit: str
    legal_limit: str


@dataclass(frozen=True)
class FormView:
    """The form with what was typed, and what is wrong with it by field."""

    item: ItemView
    typed: ApplicationInput
    ticket: str
    faults: dict[str, str]
    message: str
    applicant_kinds: tuple[tuple[str, str], ...]
    id_kinds: tuple[tuple[str, str], ...]
    statement_limit: int


@dataclass(frozen=True)
class ReceiptView:
    """The receipt, and until when a decision would be due if the application were accepted on the day it came in."""

    item: ItemView
    number: str
    query_code: str
    received_at: datetime
    due: LegalDay | None


def show(item_code: str) -> Response:
    """The empty form of an item."""
    edition = _edition(item_code)
    if not may_be_applied_for(edition):
        return _no_entry(edition)
    response = _form(edition, ApplicationInput(applicant_kind=ApplicantKind.PERSON.value))
    # Back from the receipt finds this form with its ticket again: sent once more it is the same application.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def send(item_code: str) -> Response:
    """Receive what was sent and show its receipt, or the form again with what is wrong."""
    at = datetime.now(UTC)
    edition = _edition(item_code)
    if not may_be_applied_for(edition):
        return _no_entry(edition)
    typed = replace(ApplicationInput(), **{field: request.form.get(field, "") for field in TYPED_FIELDS})
    ticket = tickets.read(request.form.get("ticket", ""), keyring=keyring())
    if ticket is None or ticket.item_code != edition.document.number:
        return _form(edition, typed, status=422, message=UNKNOWN_TICKET)
    item = snapshot_of(edition)
    try:
        if ticket.is_expired(at):
            receipt = operations.receipt_for(typed, item=item, keyring=keyring(), ticket=ticket.nonce)
        else:
            receipt = operations.receive(typed, item=item, keyring=keyring(), ticket=ticket.nonce, at=at)
    except InvalidApplicationError as error:
        # The same ticket: nothing was received with it yet, and a second tab may still send it.
        return _form(edition, typed, status=422, faults=error.faults, ticket=request.form["ticket"])
    except TicketReusedError:
        return _form(edition, typed, status=409, message=REUSED)
    db.session.commit()
    if receipt is None:
        return _form(edition, typed, status=422, message=EXPIRED)
    code = qr_svg(f"{chrome()['public_url']}/svc/lookup")
    return render("receipt.html", view=_receipt_view(receipt, edition, item), code=Markup(code))  # noqa: S704


def snapshot_of(edition: ServiceEdition) -> ItemSnapshot:
    """The item as an application for it remembers it."""
    return ItemSnapshot(
        code=edition.document.number or "",
        name=edition.title,
        organ_id=edition.document.organ_id,
        edition_id=edition.id,
        promised_limit=_limit(edition, "promised_limit"),
        legal_limit=_limit(edition, "legal_limit"),
    )


def _limit(edition: ServiceEdition, name: str) -> LimitSnapshot:
    unit = getattr(edition, f"{name}_unit")
    return LimitSnapshot(
        getattr(edition, name), getattr(edition, f"{name}_value"), unit.value if unit else None
    )


def _edition(item_code: str) -> ServiceEdition:
    if len(item_code) > 100 or not item_code.isprintable():
        abort(404)
    return content.live_item(item_code) or abort(404)


def _no_entry(edition: ServiceEdition) -> Response:
    """Source: A-35 (a penalty item is published, never applied for)."""
    item = _item_view(edition)
    sentences = (
        f"“{item.name}”只公布信息，不在网上接受申请。",
        f"如有疑问，可以拨打{item.organ}电话：{item.phone}。",
    )
    return page(Problem("这个事项不接受网上申请", sentences if item.phone else sentences[:1]), 404)


def _form(
    edition: ServiceEdition,
    typed: ApplicationInput,
    *,
    status: int = 200,
    faults: dict[str, str] | None = None,
    message: str = "",
    ticket: str | None = None,
) -> Response:
    code = edition.document.number or ""
    view = FormView(
        item=_item_view(edition),
        typed=typed,
        ticket=ticket or tickets.issue(code, keyring=keyring(), at=datetime.now(UTC)),
        faults=faults or {},
        message=message,
        applicant_kinds=(
            (ApplicantKind.PERSON.value, "个人"),
            (ApplicantKind.ORGANISATION.value, "企业、机关或其他组织"),
        ),
        id_kinds=tuple((kind.value, kind.label) for kind in IdKind),
        statement_limit=rules.STATEMENT_LIMIT,
    )
    return render("apply.html", status=status, view=view)


def _item_view(edition: ServiceEdition) -> ItemView:
    organ = edition.document.organ
    return ItemView(
        code=edition.document.number or "",
        name=edition.title,
        url=f"/zwfw/{edition.document_id}/",
        organ=organ.name,
        department=edition.handling_department,
        place=edition.handling_place,
        hours=edition.office_hours or organ.office_hours,
        phone=edition.contact_phone or organ.phone,
        supervision_phone=edition.supervision_phone or organ.supervision_phone,
        promised_limit=edition.promised_limit,
        legal_limit=edition.legal_limit,
    )


def _receipt_view(receipt: operations.Receipt, edition: ServiceEdition, item: ItemSnapshot) -> ReceiptView:
    limit = rules.limit_in_force(item.promised_limit, item.legal_limit)
    return ReceiptView(
        item=_item_view(edition),
        number=receipt.number,
        query_code=receipt.query_code,
        received_at=receipt.received_at,
        due=rules.due_day(limit, receipt.received_at, load_calendar()),
    )
