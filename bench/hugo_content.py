"""The same county as content of a site of Hugo: documents as Markdown files with front matter, navigation as data.

    python -m bench.hugo_content FOLDER      from the installation of ZHUANLAN_HOME

The templates lie in `bench/hugo/`; what is written here is what the editor of such a site would keep in it by hand. It is made
from the database after the import, because addresses hold the ids that documents got there, and is no part of any measured time.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from app import create_app
from bench.hugo_lists import Front, code_of, data_files, path_of, write, write_lists, write_maps, write_page
from bench.hugo_pages import frame_files, public_url, write_catalogues, write_front_pages
from content import queries
from content.models import ChannelKind, DisclosureEdition, ServiceEdition
from database import db
from publisher.facts import DiscretionFacts, ServiceFacts
from publisher.qr import qr_svg
from publisher.source import Source


def write_site(folder: Path) -> None:
    """Write `content/` and `data/` of a site of Hugo into `folder`."""
    channels = {
        channel.code: channel for channel in queries.channels() if channel.kind is ChannelKind.DISCLOSURE
    }
    services = queries.live_services()
    source, counts = Source(whole=True), dict[str, int]()
    _write_disclosures(folder / "content/xxgk", queries.live_disclosures(), source, counts)
    _write_services(folder / "content/zwfw", services, source, counts)
    write_lists(folder / "content/list", channels, services, counts)
    write_maps(folder / "content/map", channels, counts)
    write_front_pages(folder / "content/pages", source)
    write_catalogues(folder / "content/items", source, counts)
    for name, document in (data_files(channels, services) | frame_files(source, channels)).items():
        write(folder / f"data/{name}.json", json.dumps(document, ensure_ascii=False))


def _write_disclosures(
    folder: Path, editions: Sequence[DisclosureEdition], source: Source, counts: dict[str, int]
) -> None:
    """One file a document; the second of its moment orders documents of one day as our lists do."""
    for day, group in groupby(reversed(editions), lambda edition: edition.document.sorted_on or date.min):
        for second, edition in enumerate(group):
            head, moment = (
                source.head(edition.document_id),
                datetime.combine(day, time()) + timedelta(seconds=second),
            )
            front = _disclosure(edition, moment, head.published_minute if head else "")
            _count(front["lists"], counts)
            write_page(folder / f"{edition.document_id}.md", front, edition.body)


def _count(lists: Sequence[str], counts: dict[str, int]) -> None:
    for name in lists:
        counts[name] = counts.get(name, 0) + 1


def _disclosure(edition: DisclosureEdition, moment: datetime, published: str) -> Front:
    document = edition.document
    return _given({
        "title": edition.title,
        "date": f"{moment.isoformat()}Z",
        "minute": published,
        "lists": [f"c-{channel.code}" for channel in path_of(document.channel)] + [f"o-{document.organ_id}"],
        "channel": document.channel.code if document.channel else "",
        "trail": f"c-{document.channel.code}" if document.channel else "xxgk",
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


def _write_services(
    folder: Path, editions: Sequence[ServiceEdition], source: Source, counts: dict[str, int]
) -> None:
    in_places = sorted(
        editions, key=lambda edition: (str(edition.document.sorted_on or ""), edition.document_id)
    )
    source.load_bodies([edition.document_id for edition in in_places])
    for weight, edition in enumerate(in_places, 1):
        facts = source.document(edition.document_id)
        if isinstance(facts, ServiceFacts):
            front = _service(facts)
            _count(front["lists"], counts)
            write_page(folder / f"{facts.id}.md", {**front, "weight": weight}, edition.body)


def _service(item: ServiceFacts) -> Front:
    """A guide. Its chart and its code for print are drawn here: Hugo is spared the drawing."""
    plain = {
        name: getattr(item, name)
        for name in (
            "summary", "content", "department", "handling_type", "handling_subject", "entrusting_unit", "fee", "legal_limit",
            "promised_limit", "place", "office_hours", "phone", "supervision_phone", "result_name", "result_delivery",
            "online_url", "is_charged", "visit_count", "chart",
        )
    }  # fmt: skip
    return _given({
        "title": item.title,
        "lists": _lists_of(item),
        "number": item.code,
        "organ": str(item.organ.id),
        "minute": item.published_minute,
        "updated": _day(item.updated_on),
        "category": item.category.code if item.category else "",
        "trail": f"k-{item.category.code}" if item.category else "zwfw",
        "category_name": item.category.name if item.category else "",
        "nature": item.subject_nature,
        "penalty": item.is_penalty,
        "trial": item.is_trial,
        "results_public": item.results_are_public,
        "apply": item.apply_url,
        "audience": list(item.audience),
        "conditions": list(item.conditions),
        "qr": qr_svg(public_url() + item.url),
        **plain,
        "bases": [asdict(one) for one in item.bases],
        "materials": [asdict(one) for one in item.materials],
        "flow": [
            asdict(step)
            | {"branches": [{"case": case, "number": at, "name": name} for case, at, name in step.branches]}
            for step in item.flow
        ],
        "excluded_steps": [asdict(step) for step in item.excluded_steps],
        "discretion": _discretion(item.discretion),
        "forms": [
            {name: getattr(form, name) for name in ("number", "name", "note", "description", "filling_notes")}
            for form in item.forms
        ],
        "faq": [{"question": question, "answer": answer} for question, answer in item.faq],
    })  # fmt: skip


def _lists_of(item: ServiceFacts) -> list[str]:
    online = ["z-online"] if item.apply_url else []
    category = [f"z-k-{item.category.code}"] if item.category else []
    audience = [f"z-a-{code_of(name)}" for name in item.audience]
    events = [f"z-e-{code_of(name)}" for name in item.life_events]
    return ["z-all", *online, f"z-o-{item.organ.id}", *category, *audience, *events]


def _discretion(found: DiscretionFacts | None) -> Front | None:
    if found is None:
        return None
    degrees = [
        {"circumstance": circumstance, "standard": standard} for circumstance, standard in found.degrees
    ]
    return {"scope": list(found.scope), "kinds": list(found.kinds), "degrees": degrees}


def _day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


def _given(front: Front) -> Front:
    return {name: value for name, value in front.items() if value not in ("", None, [], {})}


if __name__ == "__main__":
    with create_app().app_context():
        write_site(Path(sys.argv[1]))
        db.session.remove()
        db.engine.dispose()
