"""Who may do what to which object: worked out from the table of pages and from where a role is held, for the matrix."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from content import operations
from content.models import (
    Attachment,
    Document,
    DocumentKind,
    Duty,
    Edition,
    EditionState,
    FieldMapping,
    ReviewChain,
    StagedImport,
)
from county import sign_in
from county.officers import Role
from county.organs import Organ, OrganKind
from database import db
from exchange.forms.reading import Form
from installation import settings
from tests.admin.conftest import Office
from tests.admin.test_access import ACT_RIGHTS, EDITORIAL, OPEN_TO, REVIEWERS

Holding = tuple[tuple[str, str], ...]  # roles, each with the organ for which it is held
COVERS = {
    "finance": {"finance", "section"},  # the section is below finance
    "section": {"section"},
    "water": {"water"},
    "everywhere": {"finance", "section", "water", "everywhere"},
}
CODES = {"finance": "990123-CZ", "section": "990123-CZ01", "water": "990123-SL"}
MARKS = {"finance": "甲号标记", "section": "乙号标记", "water": "丙号标记"}
ALL = tuple(role.value for role in Role)
PRINCIPALS: dict[str, Holding] = {
    **{f"{role}-of-{scope}": ((role, scope),) for role in ALL for scope in COVERS},
    "nobody": (),
    "editor-here-everything-there": (("editor", "finance"), *((role, "water") for role in ALL)),
    "clerk-here-everything-below": (("clerk", "finance"), *((role, "section") for role in ALL)),
}
WHOLE = {
    "mappings",
    "channels",
    "coding-rules",
    "review-chains",
    "calendar",
    "site-settings",
    "alerts",
}  # for roles held everywhere
STATES = {
    "submit": "draft", "discard": "draft", "approve": "submitted", "publish": "approved", "send_back": "approved",
    "schedule": "approved", "unschedule": "approved", "withdraw": "published", "revise": "published",
    "restore": "published", "ask_release": "draft", "clean_file": "draft", "recall": "submitted", "record_confirmation": "submitted",
    "force_publish": "draft",
}  # fmt: skip
OF_THE_STEP = {
    "approve": {"reviewer"},
    "record_confirmation": {"reviewer"},
}  # the only step of these editions is a reviewer's
CASE_ACTS = ("accept", "refuse", "record_opinion", "decide")
BULK = {"publish": "approved", "submit": "draft"}
LISTS = {
    "/admin/disclosures/": EDITORIAL, "/admin/services/": EDITORIAL, "/admin/review/": REVIEWERS,
    "/admin/publish/": {"publisher"}, "/admin/applications/": {"clerk"}, "/admin/officers/": OPEN_TO["officers.index_view"],
    "/admin/organs/": {"administrator"}, "/admin/duties/": {"administrator"},
    "/admin/tasks/": {"editor", "administrator"},
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A request; it is for whoever holds one of these roles in each of these organs, or anywhere if none is named."""

    endpoint: str
    method: str
    path: str
    roles: frozenset[str]
    organs: tuple[str, ...] = ()
    data: dict[str, str] = field(default_factory=dict)
    says_why: bool = False  # a form that answers a wrong choice, not a missing page

    def is_open_to(self, held: Holding) -> bool:
        if "nobody" in self.roles:
            return True
        organs = ("everywhere",) if self.endpoint.partition(".")[0] in WHOLE else self.organs
        if not organs:
            return any(role in self.roles for role, _scope in held)
        return all(
            any(role in self.roles and organ in COVERS[scope] for role, scope in held) for organ in organs
        )


Ids = dict[str, dict[str, int]]


def furnish(office: Office) -> Ids:
    """One object of each kind in each organ, its mark in what it shows; ids by organ and kind."""
    section = Organ(
        code="990123-CZ01", name="财政局预算科", kind=OrganKind.SECTION, region=office.finance.region,
        parent=office.finance,
    )  # fmt: skip
    db.session.add(section)
    db.session.flush()
    db.session.add_all(
        ReviewChain(kind=DocumentKind.SERVICE, channel_id=n, updated_at=datetime.now(UTC))
        for n in (1, 2, 3, 4)
    )
    organs = {"finance": office.finance, "section": section, "water": office.water}
    ids = {name: _furnish(office, organ, name) for name, organ in organs.items()}
    at = datetime.now(UTC)
    for name, organ in organs.items():
        for other in organs:
            ids[name][f"to-{other}"] = organs[other].id
        keeper = sign_in.create_officer(f"all-{name}", f"{MARKS[name]}总", organ, by=None, at=at)
        sign_in.grant_role(keeper, Role.CLERK, None, by=None, at=at)
        db.session.flush()
        ids[name] |= {"keeper": keeper.id, "keeper-grant": keeper.grants[0].id}
    db.session.commit()
    return ids


def _furnish(office: Office, organ: Organ, name: str) -> dict[str, int]:
    mark, at, by = MARKS[name], datetime.now(UTC), office.people["allround"].id
    application = office.application(organ)
    organ.phone = application.item_name = mark
    ids = {"organ": organ.id, "application": application.id}
    for kind in DocumentKind:
        values = {"title": f"{mark}的稿件"} | ({"body": mark} if kind is DocumentKind.DISCLOSURE else {})
        for state in ("draft", "submitted", "approved", "published"):
            edition = operations.create_document(
                kind, organ=organ, channel=office.channel if kind is DocumentKind.DISCLOSURE else None,
                site_id=office.site.id, values=values, by=by, at=at,
            )  # fmt: skip
            edition.reviewer_id, edition.state = by, EditionState(state)
            db.session.flush()
            ids[f"{kind.value}-{state}"] = edition.id
            ids["document"] = ids[f"{kind.value}-document"] = edition.document_id
    ids["file"] = _attach(ids["disclosure-draft"], mark)
    duty = Duty(
        site_id=office.site.id, organ=organ, title=f"{mark}事项", content="", created_at=at, updated_at=at
    )
    officer = sign_in.create_officer(f"of-{name}", f"{mark}员", organ, by=None, at=at)
    sign_in.grant_role(officer, Role.EDITOR, organ, by=None, at=at)
    db.session.add(duty)
    db.session.flush()
    staged = StagedImport(
        kind="forms", name=f"{mark}表", organ=organ, officer_id=by, created_at=at, data=[_form(mark)]
    )
    db.session.add(staged)
    db.session.flush()
    ids["staged"] = staged.id
    ids |= _mapped(organ, mark, by)
    ids |= _task(organ, mark, by, db.session.get_one(Edition, ids["service-draft"]).document)
    return ids | {"duty": duty.id, "officer": officer.id, "grant": officer.grants[0].id}


def _mapped(organ: Organ, mark: str, by: int) -> dict[str, int]:
    at = datetime.now(UTC)
    columns = [{"source": "name", "field": "item_name", "prefix": "", "values": {}, "sample": [mark]}]
    mapping = FieldMapping(name=f"{mark}对照", kind="services", columns=columns, updated_at=at)
    rows = StagedImport(
        kind="rows", name=f"{mark}.csv", organ=organ, officer_id=by, created_at=at, data=[[2, {"name": mark}]]
    )
    db.session.add_all([mapping, rows])
    db.session.flush()
    return {"mapping": mapping.id, "rows": rows.id}


def _task(organ: Organ, mark: str, by: int, document: Document) -> dict[str, int]:
    at = datetime.now(UTC)
    sheet = operations.issue_sheet(
        f"{mark}任务", organ, [document], due_on=at.date(), today=at.date(), by=by, at=at
    )
    data = {"sheet": sheet.id, "forms": [_form(mark)]}
    returned = StagedImport(
        kind="sheet", name=f"{mark}单", organ=organ, officer_id=by, created_at=at, data=data
    )
    db.session.add(returned)
    db.session.flush()
    return {"sheet": sheet.id, "returned": returned.id}


def _form(mark: str) -> dict[str, object]:
    return Form("a.docx", cells={"item_name": f"{mark}的新事项"}).as_data()


def _attach(edition: int, mark: str) -> int:
    content = mark.encode()
    file = Attachment(
        edition_id=edition, display_name=mark, sha256=hashlib.sha256(content).hexdigest(), suffix=".txt", size_bytes=12
    )  # fmt: skip
    path = settings().upload_folder / file.stored_name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    db.session.add(file)
    db.session.flush()
    return file.id


def cells(routes: list[tuple[str, str, str]], ids: Ids) -> list[Cell]:
    """Every route with every object it may be asked for; `routes` are (endpoint, path, method)."""
    found: list[Cell] = []
    for endpoint, path, method in routes:
        roles = OPEN_TO[endpoint] | ({"publisher"} if endpoint.startswith("alerts.") else set())
        cell = Cell(endpoint, method, path, frozenset(roles))
        about = [each for organ in ids for each in _about(cell, organ, ids[organ])]
        found += about if about and not endpoint.endswith("create_view") else [*about, cell]
    return found


def _about(cell: Cell, organ: str, ids: dict[str, int]) -> Iterator[Cell]:
    view, page = cell.endpoint.split(".")
    if view in ("disclosures", "services"):
        yield from _about_editions(
            cell, page, "disclosure" if view == "disclosures" else "service", organ, ids
        )
    elif view == "applications" and "<verb>" in cell.path:
        for verb in CASE_ACTS:
            yield _of(replace(cell, path=cell.path.replace("<verb>", verb)), ids["application"], organ)
    elif view == "applications" and page == "details_view":
        yield _of(cell, ids["application"], organ)
    elif view == "files" and page == "fetch_view":
        path = cell.path.replace("<attachment_id>", str(ids["file"]))
        yield replace(cell, path=path, organs=(organ,))
    elif view == "forms" and page != "index_view":
        yield _about_forms(cell, page, organ, ids)
    elif view == "mappings" and page not in ("index_view", "create_view"):
        path = f"{cell.path}?id={ids['mapping']}&staged={ids['rows']}"
        yield replace(cell, path=path, organs=(organ,), data={"organ": str(ids["organ"])})
    elif view == "tasks" and page == "create_view" and cell.method == "POST":
        data = {"organ": str(ids["organ"]), "title": "核对", "due_on": "2099-01-01", "items": "0"}
        yield replace(cell, organs=(organ,), data=data, says_why=True)
    elif view == "tasks" and page not in ("index_view", "create_view"):
        yield _of(cell, ids["returned" if page in ("preview_view", "apply_view") else "sheet"], organ)
    elif view == "officers":
        yield from _about_officers(cell, page, organ, ids)
    elif view == "review-chains" and page == "remove_view":
        yield _of(cell, 2 + list(MARKS).index(organ), organ)
    elif cell.endpoint == "standing.organ_view":
        yield _of(cell, ids["organ"], organ)
    elif cell.endpoint == "freshness.confirm_view":
        yield replace(cell, organs=(organ,), data={"document": str(ids["document"])})
    elif view == "organs" and page == "change_view":
        yield from _about_changes(cell, organ, ids)
    elif view in ("organs", "duties"):
        yield from _about_written(cell, view, page, organ, ids)
    elif page == "edit_view" and view in ("channels", "coding-rules", "review-chains"):
        yield _of(cell, 1, organ)


def _about_editions(cell: Cell, page: str, kind: str, organ: str, ids: dict[str, int]) -> Iterator[Cell]:
    if page == "act_view":
        for verb, state in STATES.items():
            roles = frozenset(OF_THE_STEP.get(verb, ACT_RIGHTS[verb]))
            path = cell.path.replace("<verb>", verb)
            yield _of(replace(cell, path=path, roles=roles), ids[f"{kind}-{state}"], organ)
    elif page == "action_view":
        for verb, state in BULK.items():
            data = {"action": verb, "rowid": str(ids[f"{kind}-{state}"])}
            yield replace(cell, roles=frozenset(ACT_RIGHTS[verb]), organs=(organ,), data=data, says_why=True)
    elif page == "create_view" and cell.method == "POST":
        data = {"title": "新写的稿件", "organ": str(ids["organ"])}
        yield replace(cell, organs=(organ,), data=data, says_why=True)
    elif page == "edit_view" and cell.method == "POST":
        for other in MARKS:
            data = {"version": "1", "title": "改写的稿件", "organ": str(ids[f"to-{other}"])}
            moved = _of(replace(cell, data=data, says_why=other != organ), ids[f"{kind}-draft"], organ)
            yield replace(moved, organs=(organ, other))
    elif page == "document_view":
        yield _of(cell, ids[f"{kind}-document"], organ)
    elif page.endswith("_view") and page not in (
        "index_view", "preview_view", "create_view", "upload_view", "undo_view",
    ):  # fmt: skip
        yield _of(cell, ids[f"{kind}-draft"], organ)


def _about_forms(cell: Cell, page: str, organ: str, ids: dict[str, int]) -> Cell:
    if page == "upload_view":
        return replace(cell, organs=(organ,), data={"organ": str(ids["organ"])})
    row = {"item_view": "service-draft", "organ_view": "organ"}.get(page, "staged")
    return _of(cell, ids[row], organ)


def _about_officers(cell: Cell, page: str, organ: str, ids: dict[str, int]) -> Iterator[Cell]:
    if page == "create_view" and cell.method == "POST":
        data = {"login": f"new-{organ}", "name": "新来的", "organ": str(ids["organ"])}
        yield replace(cell, organs=(organ,), data=data, says_why=True)
    elif page == "details_view":
        yield _of(cell, ids["officer"], organ)
        yield _of(cell, ids["keeper"], organ)
    elif page.endswith("_view") and page not in ("index_view", "create_view"):
        for other in MARKS if page == "grant_view" else ():
            data = {"role": "clerk", "organ": str(ids[f"to-{other}"])}
            given = _of(replace(cell, data=data, says_why=other != organ), ids["officer"], organ)
            yield replace(given, organs=(organ, other))
        for role in ALL if page == "grant_view" else ():
            data = {"role": role, "organ": ""}
            given = _of(replace(cell, data=data, says_why=True), ids["officer"], organ)
            yield replace(given, organs=(organ, "everywhere"))
        yield _of(replace(cell, data={"grant": str(ids["grant"])}), ids["officer"], organ)
        # An account with a role for the whole installation is kept by those who administer all of it.
        whole = replace(cell, data={"grant": str(ids["keeper-grant"])})
        yield replace(_of(whole, ids["keeper"], organ), organs=(organ, "everywhere"))


def _about_changes(cell: Cell, organ: str, ids: dict[str, int]) -> Iterator[Cell]:
    """Seen, not confirmed: what an act would do to an organ is for whoever keeps both."""
    if cell.method == "GET":
        yield _of(cell, ids["organ"], organ)
        return
    yield _of(replace(cell, data={"act": "rename", "name": "改名局"}), ids["organ"], organ)
    for other in MARKS:
        if other != organ and (organ, other) != (
            "finance",
            "section",
        ):  # it cannot be merged into what is below it
            data = {"act": "merge", "target": CODES[other]}
            seen = _of(replace(cell, data=data, says_why=True), ids["organ"], organ)
            yield replace(seen, organs=(organ, other))


def _about_written(cell: Cell, view: str, page: str, organ: str, ids: dict[str, int]) -> Iterator[Cell]:
    name, row = ("parent_id", ids["organ"]) if view == "organs" else ("organ_id", ids["duty"])
    if page == "edit_view" and cell.method == "GET":
        yield _of(cell, row, organ)
    elif page == "edit_view":
        for other in MARKS:
            data = {"title": "改写的", "name": "改写的", name: str(ids[f"to-{other}"])}
            is_there = view == "organs" and (organ, other) == ("section", "finance")  # it stays where it is
            moved = _of(replace(cell, data=data, says_why=other != organ), row, organ)
            yield moved if is_there else replace(moved, organs=(organ, other))
    elif page == "create_view" and cell.method == "POST":
        data = {"code": f"X-{organ}", "title": "新的", "name": "新的", name: str(ids["organ"])}
        yield replace(cell, organs=(organ,), data=data, says_why=True)


def _of(cell: Cell, row: int, organ: str) -> Cell:
    return replace(cell, path=f"{cell.path}?id={row}", organs=(organ,))
