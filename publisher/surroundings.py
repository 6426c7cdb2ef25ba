"""What every page may need and every publication reads anew: the site, its organs, its channels. Tens of rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from content import queries
from content.models import Channel, ChannelKind
from county.calendar import COUNTY_ZONE
from county.organs import Organ, OrganKind, every_organ, former_names, led_to, successors
from county.privacy import redact
from county.regions import Site, the_site
from publisher.checks import personal_data_in
from publisher.errors import PublishError
from publisher.facts import AlertFacts, ChannelFacts, OrganFacts, SiteFacts

SAFE_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
OUTSIDE_LISTS = (OrganKind.SECTION, OrganKind.WINDOW)
UNFIT_CODE = "栏目代码只能由小写字母、数字和连字符组成，请修改后重新发布。"


@dataclass(frozen=True)
class Surroundings:
    """The site with its organs by id and its channels by code; `kept_back` names what was blacked out or left out."""

    site: SiteFacts
    organs: dict[int, OrganFacts]
    channels: dict[str, ChannelFacts]
    codes: dict[int, str]  # of channels, by their id
    kept_back: dict[str, str]

    def channel_of(self, channel_id: int | None) -> ChannelFacts | None:
        """The channel with this id, if it is in use."""
        return self.channels.get(self.codes.get(channel_id or 0, ""))


def read_surroundings() -> Surroundings:
    """Read them; personal numbers that got into names and addresses are blacked out and reported.

    Raises: PublishError before the installation has a site.
    """
    site = the_site()
    if site is None:
        raise PublishError("还没有站点，请先运行 flask county init 或 flask sample load。")
    kept_back: dict[str, str] = {}
    rows_of_organs, followed = every_organ(), successors()
    former = _former_names()
    organs = {row.id: _organ_facts(row, followed, former) for row in rows_of_organs}
    rows = [row for row in queries.channels() if row.kind is ChannelKind.DISCLOSURE]
    kept_back |= {f"栏目“{row.name}”": UNFIT_CODE for row in rows if not SAFE_CODE.fullmatch(row.code)}
    channels = {each.code: each for each in _channels(rows)}
    return Surroundings(
        site=_masked(_site_facts(site), (site.contact_phone, site.contact_address), "网站信息", kept_back),
        organs={
            key: _masked(organ, organ.contacts, f"单位“{organ.short_name}”", kept_back) for key, organ in organs.items()
        },
        channels={
            code: _masked(each, (), f"栏目“{code}”", kept_back) for code, each in channels.items()
        },
        codes={row.id: row.code for row in rows},
        kept_back=kept_back,
    )  # fmt: skip


def _masked(facts: Any, contacts: tuple[str, ...], place: str, found: dict[str, str]) -> Any:
    """What stands on many pages is blacked out at its source, and reported once."""
    texts = {name: value for name, value in vars(facts).items() if isinstance(value, str) and name != "code"}
    faults = {name: reasons for name, value in texts.items() if (reasons := _faults(value, contacts))}
    if faults:
        reasons = dict.fromkeys(reason for each in faults.values() for reason in each)
        found[redact(place, contacts)] = "；".join(reasons) + "（已遮盖后发布）"
        return replace(facts, **{name: redact(texts[name], contacts) for name in faults})
    return facts


@lru_cache(maxsize=4096)
def _faults(text: str, contacts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(personal_data_in(text, contacts))


def _site_facts(site: Site) -> SiteFacts:
    return SiteFacts(
        name=site.name,
        region=site.region.name,
        domain=site.domain,
        identity_code=site.identity_code,
        organiser=site.organiser,
        undertaker=site.undertaker,
        contact_phone=site.contact_phone,
        contact_address=site.contact_address,
        icp_number=site.icp_number,
        police_number=site.police_number,
        is_sample=site.is_sample,
        foot_note=site.foot_note,
        colour=site.colour,
        emblem=site.emblem,
        emblem_suffix=site.emblem_suffix,
        alert=_alert_facts(site),
        disclosure_order=tuple(filter(None, map(str.strip, site.disclosure_order.split(",")))),
    )


def _alert_facts(site: Site) -> AlertFacts | None:
    if not site.alert_text or site.alert_at is None:
        return None
    minute = f"{site.alert_at.astimezone(COUNTY_ZONE):%Y-%m-%d %H:%M}"
    return AlertFacts(site.alert_text, site.alert_link, site.alert_level, minute)


def _former_names() -> dict[int, tuple[tuple[str, date], ...]]:
    """The names organs had, each with its last day."""
    found: dict[int, tuple[tuple[str, date], ...]] = {}
    for each in former_names():
        found[each.organ_id] = (*found.get(each.organ_id, ()), (each.name, each.until_on))
    return found


def _organ_facts(
    organ: Organ, followed: dict[int, int], former: dict[int, tuple[tuple[str, date], ...]]
) -> OrganFacts:
    return OrganFacts(
        id=organ.id,
        name=organ.name,
        short_name=organ.short_name or organ.name,
        is_township=organ.kind is OrganKind.TOWNSHIP,
        is_listed=organ.is_active and organ.kind not in OUTSIDE_LISTS,
        address=organ.address,
        phone=organ.phone,
        supervision_phone=organ.supervision_phone,
        office_hours=organ.office_hours,
        parent_id=organ.parent_id,
        is_window=organ.is_active and organ.kind is OrganKind.WINDOW,
        successor_id=led_to(organ.id, followed) if organ.id in followed else None,
        former_names=former.get(organ.id, ()),
    )


def _channels(rows: Sequence[Channel]) -> Iterable[ChannelFacts]:
    """Channels in use, from the top down; one whose code is unfit for an address is not followed."""
    usable = {row.id: row for row in rows if SAFE_CODE.fullmatch(row.code)}
    below: dict[int | None, list[str]] = {}
    for row in usable.values():
        below.setdefault(row.parent_id, []).append(row.code)
    return [
        ChannelFacts(
            code=row.code,
            name=row.name,
            description=row.description,
            path=_path(row, usable),
            below=tuple(below.get(row.id, ())),
        )
        for row in usable.values()
    ]


def _path(row: Channel, usable: dict[int, Channel]) -> tuple[tuple[str, str], ...]:
    path: list[tuple[str, str]] = []
    here: Channel | None = row
    while here is not None and len(path) < 20:
        path.append((here.code, here.name))
        here = usable.get(here.parent_id) if here.parent_id else None
    return tuple(reversed(path))
