"""The same county as content of a site of Hugo: documents as Markdown files with front matter, navigation as data.

    python -m bench.hugo_content FOLDER      from the installation of ZHUANLAN_HOME

The templates lie in `bench/hugo/`; what is written here is what the editor of such a site would keep in it by hand. It is made
from the database after the import, because addresses hold the ids that documents got there, and is no part of any measured time.
"""

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from app import create_app
from bench.hugo_lists import (
    Front,
    code_of,
    data_files,
    letters_of,
    path_of,
    the_only_site,
    write,
    write_lists,
    write_maps,
    write_page,
)
from content import queries
from content.models import ChannelKind, DisclosureEdition, ItemCategory, ServiceEdition
from database import db

FRONT_PAGES = {  # file: address, template, title
    "xxgk": ("/xxgk/", "xxgk", "政府信息公开专栏"),
    "zwfw": ("/zwfw/", "zwfw", "{region}政务服务专栏"),
    "hudong": ("/hudong/", "hudong", "政民互动"),
    "map": ("/map.html", "map", "网站地图"),
    "404": ("/404.html", "404", "没有找到您要的页面"),
}


def write_site(folder: Path) -> None:
    """Write `content/` and `data/` of a site of Hugo into `folder`."""
    channels = {
        channel.code: channel for channel in queries.channels() if channel.kind is ChannelKind.DISCLOSURE
    }
    services = queries.live_services()
    counts: dict[str, int] = {}
    _write_disclosures(folder / "content/xxgk", queries.live_disclosures(), counts)
    _write_services(folder / "content/zwfw", services, counts)
    write_lists(folder / "content/list", channels, services, counts)
    write_maps(folder / "content/map", counts)
    for name, (url, layout, title) in FRONT_PAGES.items():
        front = {
            "title": title.format(region=the_only_site().region.name),
            "url": url,
            "layout": layout,
            "noindex": name == "404",
        }
        write_page(folder / f"content/pages/{name}.md", front)
    for name, document in data_files(channels, services).items():
        write(folder / f"data/{name}.json", json.dumps(document, ensure_ascii=False))


def _write_disclosures(folder: Path, editions: Sequence[DisclosureEdition], counts: dict[str, int]) -> None:
    """One file a document; the second of its moment orders documents of one day as our lists do."""
    for day, group in groupby(reversed(editions), lambda edition: edition.document.sorted_on or date.min):
        for second, edition in enumerate(group):
            front = _disclosure(edition, datetime.combine(day, time()) + timedelta(seconds=second))
            _count(front["lists"], counts)
            write_page(folder / f"{edition.document_id}.md", front, edition.body)


def _count(lists: Sequence[str], counts: dict[str, int]) -> None:
    for name in lists:
        counts[name] = counts.get(name, 0) + 1


def _disclosure(edition: DisclosureEdition, moment: datetime) -> Front:
    document = edition.document
    return _given({
        "title": edition.title,
        "date": f"{moment.isoformat()}Z",
        "lists": [f"c-{channel.code}" for channel in path_of(document.channel)] + [f"o-{document.organ_id}"],
        "channel": document.channel.code if document.channel else "",
        "organ": str(document.organ_id),
        "number": document.number,
        "summary": edition.summary,
        "produced": _day(edition.produced_on),
        "effective": _day(edition.effective_on),
        "document_no": edition.document_no,
        "subject": edition.subject,
        "genre": edition.genre,
        "validity": edition.validity.value,
        "mode": edition.mode.value,
        "words": edition.keywords.replace(" ", ","),
        "source": edition.content_source,
    })  # fmt: skip


def _write_services(folder: Path, editions: Sequence[ServiceEdition], counts: dict[str, int]) -> None:
    in_places = sorted(
        editions, key=lambda edition: (str(edition.document.sorted_on or ""), edition.document_id)
    )
    for weight, edition in enumerate(in_places, 1):
        front = _service(edition)
        _count(front["lists"], counts)
        write_page(folder / f"{edition.document_id}.md", {**front, "weight": weight}, edition.body)


def _service(edition: ServiceEdition) -> Front:
    document = edition.document
    category = edition.item_category
    is_penalty = category is ItemCategory.PENALTY
    may_be_applied_for = not is_penalty and not edition.published_only
    lists = ["z-all", *(["z-online"] if may_be_applied_for else []), f"z-o-{document.organ_id}"]
    lists += [f"z-k-{letters_of(category)}"] if category else []
    lists += [f"z-a-{code_of(name)}" for name in edition.audience]
    lists += [f"z-e-{code_of(name)}" for name in edition.life_events]
    texts = {
        name: getattr(edition, name)
        for name in (
            "summary", "item_content", "handling_subject", "entrusting_unit", "fee_basis_and_standard", "legal_limit",
            "promised_limit", "handling_place", "office_hours", "contact_phone", "supervision_phone", "result_name",
            "result_delivery", "online_handling_url", "audience", "is_charged", "discretion",
        )
    }  # fmt: skip
    return _given({
        "title": edition.title,
        "lists": lists,
        "number": document.number,
        "organ": str(document.organ_id),
        "department": edition.handling_department,
        "updated": _day(edition.published_at),
        "category": letters_of(category) if category else "",
        "category_name": category.value if category else "",
        "nature": edition.subject_nature.value if edition.subject_nature else "",
        "handling_type": edition.handling_type.value if edition.handling_type else "",
        "conditions": edition.acceptance_conditions.splitlines(),
        "penalty": is_penalty,
        "apply": f"/svc/apply/{document.number}" if may_be_applied_for else "",
        **texts,
        "bases": [{"citation": one.citation, "clause": one.clause, "wording": one.wording,
                   "rank": one.law.rank.value if one.law and one.law.rank else ""} for one in edition.legal_basis],
        "materials": [{"name": one.name, "note": one.note, "required": one.is_required, "copies": one.copies,
                       "form": "，".join(filter(None, (one.format, one.carrier))), "submission": one.submission_method}
                      for one in edition.materials],
        "steps": [{"name": one["name"], "post": one.get("post", ""), "duty": one.get("duty", ""),
                   "limit": one.get("limit") or (f"{one['limit_days']:g}个工作日" if one.get("limit_days") else "")}
                  for one in edition.flow],
        "forms": [{"number": one.form_no, "name": one.form_name, "note": one.brief_note,
                   "description": one.form_description, "filling": one.filling_notes} for one in edition.service_forms],
        "faq": [{"question": one.question, "answer": one.answer} for one in edition.faq],
    })  # fmt: skip


def _day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


def _given(front: Front) -> Front:
    return {name: value for name, value in front.items() if value not in ("", None, [], {})}


if __name__ == "__main__":
    with create_app().app_context():
        write_site(Path(sys.argv[1]))
        db.session.remove()
        db.engine.dispose()
