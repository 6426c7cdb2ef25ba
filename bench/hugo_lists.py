"""Lists, site maps and navigation of the county as content and data of a site of Hugo."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from content.models import Channel, ItemCategory, ServiceEdition
from content.rules.coding import CATEGORY_CODES
from county.organs import Organ, OrganKind, organs_in_use
from county.regions import Site
from database import db

PER_PAGE = 20
IN_SHARD = 200  # documents in one site map
ROOT = "xxgk"
AUDIENCES = {"个人": "gr", "企业": "qy"}
CONVENIENCE = (ItemCategory.CONVENIENCE, ItemCategory.PUBLIC_SERVICE)
Front = dict[str, Any]


def write_lists(
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
    section, main = {"section": "xxgk", "layout": "list", "trail": "xxgk"}, main_channels(channels)
    yield "/xxgk/ml/", f"c-{ROOT}", section | {"layout": "catalogue", "heading": "政府信息公开目录"}
    for code, channel in channels.items():
        if code == ROOT:  # what stands in the column as a whole is its catalogue
            continue
        above = path_of(channel)[-2:-1]
        front = {"heading": channel.name, "channel": code, "trail": f"c-{above[0].code}" if above else "xxgk"}
        feed = {"feed": f"/xxgk/c/{code}/feed.xml"} if code in main else {}
        yield f"/xxgk/c/{code}/", f"c-{code}", section | front | feed
    for organ in _listed_organs():
        front = {"heading": organ.name, "organ": str(organ.id), "lead": f"{organ.name}主动公开的政府信息"}
        yield f"/xxgk/o/{organ.id}/", f"o-{organ.id}", section | front


def _service_lists(services: Sequence[ServiceEdition]) -> Iterator[tuple[str, str, Front]]:
    """Address, key and front matter of each list, in the order of item codes."""
    section = {"section": "zwfw", "layout": "services", "trail": "zwfw"}
    yield "/zwfw/all/", "z-all", section | {"heading": "全部事项", "lead": "本专栏公布的全部政务服务事项"}
    online = {"layout": "online", "heading": "网上申请", "lead": "可以在网上提交申请的事项"}
    yield "/zwfw/online/", "z-online", section | online
    for category in ItemCategory:
        code, name = letters_of(category), category.value
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


def write_maps(folder: Path, channels: dict[str, Channel], counts: dict[str, int]) -> None:
    """What machines read: the site maps for search engines, so many documents to a file; feeds of main channels."""
    shards = [
        (f"/sitemap-{name}-{shard}.xml", key, shard, name == "xxgk")
        for name, key in (("xxgk", f"c-{ROOT}"), ("zwfw", "z-all"))
        for shard in range(1, -(-counts.get(key, 0) // IN_SHARD) + 1)
    ]
    for url, key, shard, is_newest_first in shards:
        front = {"url": url, "layout": "shard", "key": key, "shard": shard, "newest": is_newest_first}
        write_page(folder / f"{url.strip('/')}.md", front)
    urls = ["/sitemap-lists.xml", *(url for url, *_ in shards)]
    write_page(folder / "lists.md", {"url": urls[0], "layout": "lists"})
    write_page(folder / "index-of-maps.md", {"url": "/sitemap.xml", "layout": "index", "shards": urls})
    write_page(folder / "opensearch.md", {"url": "/opensearch.xml", "layout": "search"})
    for code in main_channels(channels):
        front = {"url": f"/xxgk/c/{code}/feed.xml", "layout": "feed", "key": f"c-{code}", "channel": code}
        write_page(folder / f"feed-{code}.md", front)


def main_channels(channels: dict[str, Channel]) -> list[str]:
    """The channels right below the column."""
    return [code for code, one in channels.items() if one.parent is not None and one.parent.code == ROOT]


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
    write_page(folder / f"{url.strip('/').replace('/', '-')}-{number}.md", place | front)


def full_pages(total: int) -> int:
    """How many numbered pages a list has: the front page holds what is left over with the newest full page."""
    return max(0, (total - 1) // PER_PAGE - (1 if total % PER_PAGE else 0))


def data_files(channels: dict[str, Channel], services: Sequence[ServiceEdition]) -> dict[str, Any]:
    """The files of `data/`: what the county's navigation is made of."""
    below = {
        code: [one.code for one in channels.values() if one.parent_id == channel.id]
        for code, channel in channels.items()
    }

    def tree(code: str) -> Front:
        return {"code": code, "name": channels[code].name, "below": [tree(one) for one in below[code]]}

    organs = list(_listed_organs())
    return {
        "county": {"region": the_only_site().region.name, "organiser": the_only_site().organiser, "address": the_only_site().contact_address, "phone": the_only_site().contact_phone},
        "tree": tree(ROOT)["below"],
        "channels": {
            code: {"name": channel.name, "description": channel.description, "below": below[code]}
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
        {
            "name": name,
            "below": [{"code": letters_of(category), "name": category.value} for category in below],
        }
        for name, below in groups
        if below
    ]


def the_only_site() -> Site:
    """The site of the installation."""
    return db.session.scalars(db.select(Site)).one()


def _listed_organs() -> Iterator[Organ]:
    return (organ for organ in organs_in_use() if organ.kind not in (OrganKind.SECTION, OrganKind.WINDOW))


def letters_of(category: ItemCategory) -> str:
    """The address part of a category."""
    return CATEGORY_CODES[category][0].lower()


def path_of(channel: Channel | None) -> list[Channel]:
    """A channel with all above it, from the top down."""
    path: list[Channel] = []
    while channel is not None:
        path.insert(0, channel)
        channel = channel.parent
    return path


def code_of(name: str) -> str:
    """The address part of an audience or an event of life."""
    return AUDIENCES.get(name) or hashlib.sha256(name.encode()).hexdigest()[:8]


def write_page(file: Path, front: Front, body: str = "") -> None:
    """A content file: front matter and Markdown."""
    write(file, f"{json.dumps(front, ensure_ascii=False, indent=0)}\n\n{body}")


def write(file: Path, text: str) -> None:
    """A file, with the folders it lies in."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
