"""The same county as content of a site of Hugo: documents as Markdown files with front matter, navigation as data.

    python -m bench.hugo_content FOLDER      from the installation of ZHUANLAN_HOME

The templates lie in `bench/hugo/`; what is written here is what the editor of such a site would keep in it by hand. It is made
from the database after the import, because addresses hold the ids that documents got there, and is no part of any measured time.
"""

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from app import create_app
from content import queries
from content.models import Channel, ChannelKind, DisclosureEdition, ItemCategory, ServiceEdition
from content.rules.coding import CATEGORY_CODES
from county.organs import Organ, OrganKind, organs_in_use
from county.regions import Site
from database import db

PER_PAGE = 20
IN_SHARD = 500  # documents in one site map
ROOT = "xxgk"
AUDIENCES = {"个人": "gr", "企业": "qy"}
CONVENIENCE = (ItemCategory.CONVENIENCE, ItemCategory.PUBLIC_SERVICE)
FRONT_PAGES = {  # file: address, template, title
    "xxgk": ("/xxgk/", "xxgk", "政府信息公开专栏"),
    "zwfw": ("/zwfw/", "zwfw", "{region}政务服务专栏"),
    "hudong": ("/hudong/", "hudong", "政民互动"),
    "map": ("/map.html", "map", "网站地图"),
    "404": ("/404.html", "404", "没有找到您要的页面"),
}
Front = dict[str, Any]


def write_site(folder: Path) -> None:
    """Write `content/` and `data/` of a site of Hugo into `folder`."""
    channels = {
        channel.code: channel for channel in queries.channels() if channel.kind is ChannelKind.DISCLOSURE
    }
    services = queries.live_services()
    counts: dict[str, int] = {}
    _write_disclosures(folder / "content/xxgk", queries.live_disclosures(), counts)
    _write_services(folder / "content/zwfw", services, counts)
    _write_lists(folder / "content/list", channels, services, counts)
    _write_maps(folder / "content/map", counts)
    for name, (url, layout, title) in FRONT_PAGES.items():
        front = {
            "title": title.format(region=_site().region.name),
            "url": url,
            "layout": layout,
            "noindex": name == "404",
        }
        _write_page(folder / f"content/pages/{name}.md", front)
    for name, document in _data(channels, services).items():
        _write(folder / f"data/{name}.json", json.dumps(document, ensure_ascii=False))


def _path(channel: Channel | None) -> list[Channel]:
    path: list[Channel] = []
    while channel is not None:
        path.insert(0, channel)
        channel = channel.parent
    return path


def _write_disclosures(folder: Path, editions: Sequence[DisclosureEdition], counts: dict[str, int]) -> None:
    """One file a document; the second of its moment orders documents of one day as our lists do."""
    for day, group in groupby(reversed(editions), lambda edition: edition.document.sorted_on or date.min):
        for second, edition in enumerate(group):
            front = _disclosure(edition, datetime.combine(day, time()) + timedelta(seconds=second))
            _count(front["lists"], counts)
            _write_page(folder / f"{edition.document_id}.md", front, edition.body)


def _count(lists: Sequence[str], counts: dict[str, int]) -> None:
    for name in lists:
        counts[name] = counts.get(name, 0) + 1


def _disclosure(edition: DisclosureEdition, moment: datetime) -> Front:
    document = edition.document
    return _given({
        "title": edition.title,
        "date": f"{moment.isoformat()}Z",
        "lists": [f"c-{channel.code}" for channel in _path(document.channel)] + [f"o-{document.organ_id}"],
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
        _write_page(folder / f"{edition.document_id}.md", {**front, "weight": weight}, edition.body)


def _service(edition: ServiceEdition) -> Front:
    document = edition.document
    category = edition.item_category
    is_penalty = category is ItemCategory.PENALTY
    may_be_applied_for = not is_penalty and not edition.published_only
    lists = ["z-all", *(["z-online"] if may_be_applied_for else []), f"z-o-{document.organ_id}"]
    lists += [f"z-k-{_letters(category)}"] if category else []
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
        "category": _letters(category) if category else "",
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


def _write_lists(
    folder: Path, channels: dict[str, Channel], services: Sequence[ServiceEdition], counts: dict[str, int]
) -> None:
    """One file for each page of a list: the addresses of ours are not those of Hugo's own pagination."""
    for url, key, front in (*_disclosure_lists(channels), *_service_lists(services)):
        total = counts.get(key, 0)
        is_newest_first = front["section"] == "xxgk"
        numbers = range(1, full_pages(total) + 1) if is_newest_first else range(2, -(-total // PER_PAGE) + 1)
        for number in (0, *numbers):
            _write_list(folder, url, key, number, front | ({} if total else {"noindex": True}))


def _disclosure_lists(channels: dict[str, Channel]) -> Iterator[tuple[str, str, Front]]:
    """Address, key and front matter of each list, newest entry first."""
    section = {"section": "xxgk", "layout": "list"}
    yield "/xxgk/ml/", f"c-{ROOT}", section | {"layout": "catalogue", "heading": "政府信息公开目录"}
    for code, channel in channels.items():
        if code == ROOT:  # what stands in the column as a whole is its catalogue
            continue
        yield f"/xxgk/c/{code}/", f"c-{code}", section | {"heading": channel.name, "channel": code}
    for organ in _listed_organs():
        front = {"heading": organ.name, "organ": str(organ.id), "lead": f"{organ.name}主动公开的政府信息"}
        yield f"/xxgk/o/{organ.id}/", f"o-{organ.id}", section | front


def _service_lists(services: Sequence[ServiceEdition]) -> Iterator[tuple[str, str, Front]]:
    """Address, key and front matter of each list, in the order of item codes."""
    section = {"section": "zwfw", "layout": "services"}
    yield "/zwfw/all/", "z-all", section | {"heading": "全部事项", "lead": "本专栏公布的全部政务服务事项"}
    online = {"layout": "online", "heading": "网上申请", "lead": "可以在网上提交申请的事项"}
    yield "/zwfw/online/", "z-online", section | online
    for category in ItemCategory:
        code, name = _letters(category), category.value
        yield f"/zwfw/k/{code}/", f"z-k-{code}", section | {"heading": name, "lead": f"{name}类事项"}
    for organ in _listed_organs():
        front = {"heading": organ.name, "organ": str(organ.id), "lead": f"{organ.name}办理的政务服务事项"}
        yield f"/zwfw/o/{organ.id}/", f"z-o-{organ.id}", section | front
    for place, field, lead in (("a", "audience", "面向{}的事项"), ("e", "life_events", "与“{}”有关的事项")):
        for name in _names(services, field):
            code = code_of(name)
            yield (
                f"/zwfw/{place}/{code}/",
                f"z-{place}-{code}",
                section | {"heading": name, "lead": lead.format(name)},
            )


def _write_maps(folder: Path, counts: dict[str, int]) -> None:
    """The site maps for search engines: an index, the lists, and so many documents to a file."""
    shards = [
        (f"/sitemap-{name}-{shard}.xml", key, shard, name == "xxgk")
        for name, key in (("xxgk", f"c-{ROOT}"), ("zwfw", "z-all"))
        for shard in range(1, -(-counts.get(key, 0) // IN_SHARD) + 1)
    ]
    for url, key, shard, is_newest_first in shards:
        front = {"url": url, "layout": "shard", "key": key, "shard": shard, "newest": is_newest_first}
        _write_page(folder / f"{url.strip('/')}.md", front)
    urls = ["/sitemap-lists.xml", *(url for url, *_ in shards)]
    _write_page(folder / "lists.md", {"url": urls[0], "layout": "lists"})
    _write_page(folder / "index-of-maps.md", {"url": "/sitemap.xml", "layout": "index", "shards": urls})


def _names(services: Sequence[ServiceEdition], field: str) -> list[str]:
    return sorted({name for edition in services for name in getattr(edition, field)})


def _write_list(folder: Path, url: str, key: str, number: int, front: Front) -> None:
    title = front["heading"] + (f"（第{number}页）" if number else "")
    place = {
        "title": title,
        "url": f"{url}{number}.html" if number else url,
        "base": url,
        "key": key,
        "number": number,
    }
    _write_page(folder / f"{url.strip('/').replace('/', '-')}-{number}.md", place | front)


def full_pages(total: int) -> int:
    """How many numbered pages a list has: the front page holds what is left over with the newest full page."""
    return max(0, (total - 1) // PER_PAGE - (1 if total % PER_PAGE else 0))


def _data(channels: dict[str, Channel], services: Sequence[ServiceEdition]) -> dict[str, Any]:
    """The files of `data/`: what the county's navigation is made of."""
    below = {
        code: [one.code for one in channels.values() if one.parent_id == channel.id]
        for code, channel in channels.items()
    }

    def tree(code: str) -> Front:
        return {"code": code, "name": channels[code].name, "below": [tree(one) for one in below[code]]}

    organs = list(_listed_organs())
    return {
        "county": {"region": _site().region.name, "organiser": _site().organiser, "address": _site().contact_address, "phone": _site().contact_phone},
        "tree": tree(ROOT)["below"],
        "channels": {
            code: {"name": channel.name, "description": channel.description, "below": below[code],
                   "trail": [{"name": one.name, "url": f"/xxgk/c/{one.code}/"} for one in _path(channel) if one.code != ROOT]}
            for code, channel in channels.items()
        },
        "organs": {
            str(organ.id): {"name": organ.name, "short": organ.short_name or organ.name, "address": organ.address,
                            "phone": organ.phone, "supervision": organ.supervision_phone, "hours": organ.office_hours}
            for organ in organs
        },
        "places": [{"id": str(organ.id), "township": organ.kind is OrganKind.TOWNSHIP} for organ in organs],
        "groups": _groups({edition.item_category for edition in services if edition.item_category}),
        "audiences": [{"name": name, "code": code_of(name)} for name in _names(services, "audience")],
        "events": [{"name": name, "code": code_of(name)} for name in _names(services, "life_events")],
    }  # fmt: skip


def _groups(used: set[ItemCategory]) -> list[Front]:
    """Categories of guides in two levels."""
    groups = (("行政职权", [one for one in ItemCategory if one in used and one not in CONVENIENCE]),
              ("便民服务与公共服务", [one for one in ItemCategory if one in used and one in CONVENIENCE]))  # fmt: skip
    return [
        {"name": name, "below": [{"code": _letters(category), "name": category.value} for category in below]}
        for name, below in groups
        if below
    ]


def _site() -> Site:
    return db.session.scalars(db.select(Site)).one()


def _listed_organs() -> Iterator[Organ]:
    return (organ for organ in organs_in_use() if organ.kind not in (OrganKind.SECTION, OrganKind.WINDOW))


def _letters(category: ItemCategory) -> str:
    return CATEGORY_CODES[category][0].lower()


def code_of(name: str) -> str:
    """The address part of an audience or an event of life."""
    return AUDIENCES.get(name) or hashlib.sha256(name.encode()).hexdigest()[:8]


def _day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


def _given(front: Front) -> Front:
    return {name: value for name, value in front.items() if value not in ("", None, [], {})}


def _write_page(file: Path, front: Front, body: str = "") -> None:
    _write(file, f"{json.dumps(front, ensure_ascii=False, indent=0)}\n\n{body}")


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


if __name__ == "__main__":
    with create_app().app_context():
        write_site(Path(sys.argv[1]))
        db.session.remove()
        db.engine.dispose()
