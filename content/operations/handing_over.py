"""Handing over what one organ, or one officer, answers for to another. Addresses and numbers stay."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from content.models import (
    ChainStep,
    Channel,
    Document,
    DocumentKind,
    Duty,
    Edition,
    EditionState,
    KeptText,
    Question,
    ReviewStep,
    ServiceEdition,
    StepState,
)
from county.officers import Officer
from county.organs import Organ
from database import db

UNFINISHED = (EditionState.DRAFT, EditionState.RETURNED)


@dataclass(frozen=True)
class Group:
    """Part of what an organ answers for, that can be handed over by itself."""

    key: str  # such as channel-7, category-行政许可, duties
    label: str
    size: int


def groups_of(organ: Organ) -> list[Group]:
    """What an organ answers for: disclosures by channel, services by category, duties and answered questions."""
    found = [
        *(_channel_group(row.id, row.name, row.size) for row in db.session.execute(_by_channel(organ))),
        *(
            Group(f"category-{key}", f"政务服务事项：{label}", size)
            for key, label, size in _by_category(organ)
        ),
        Group("duties", "公开事项目录条目", _count(Duty, organ)),
        Group("questions", "咨询答复", _count(Question, organ)),
    ]
    return [group for group in found if group.size]


def hand_over(source: Organ, target: Organ, keys: Collection[str]) -> dict[str, int]:
    """Let `target` answer for these groups of what `source` answered for; returns how many records each way.

    What was public keeps its address and number, and says under which organ it was issued. The caller records the act
    and owes the publication.
    """
    documents = {found for key in keys for found in db.session.scalars(_documents(source, key))}
    moved = {"documents": _move_documents(source, target, documents)}
    moved["duties"] = _move(Duty, source, target) if "duties" in keys else 0
    moved["questions"] = _move(Question, source, target) if "questions" in keys else 0
    return moved


def follow_organ(source: Organ, target: Organ) -> None:
    """Let the posts and channels of an organ that is merged be those of the other: nothing waits for who is gone."""
    _move(Channel, source, target)
    _move(ChainStep, source, target)
    open_steps = db.update(ReviewStep).where(
        ReviewStep.organ_id == source.id,
        ReviewStep.state.in_((StepState.WAITING, StepState.AHEAD)),
    )
    db.session.execute(open_steps.values(organ_id=target.id))


def note_name(organ: Organ) -> None:
    """Keep with each document that was public the name its organ had, before the organ gets another."""
    was_public = db.update(Document).where(
        Document.organ_id == organ.id, Document.sorted_on.is_not(None), Document.issued_as.is_(None)
    )
    db.session.execute(was_public.values(issued_as=organ.name))


def unfinished_of(officer: Officer) -> int:
    """How many drafts and returned texts the officer has begun."""
    query = db.select(db.func.count(Edition.id)).where(
        Edition.author_id == officer.id, Edition.state.in_(UNFINISHED)
    )
    return db.session.scalar(query) or 0


def hand_over_texts(officer: Officer, successor: Officer, *, at: datetime) -> int:
    """Give an officer's drafts, returned texts and what he had typed and not saved to his successor; how many texts.

    Who wrote what stays in the ledger: the successor may not review what the leaver has written and he goes on with.
    """
    texts = db.session.scalars(
        db.select(Edition).where(Edition.author_id == officer.id, Edition.state.in_(UNFINISHED))
    ).all()
    for edition in texts:
        edition.author_id = successor.id
    taken = set(db.session.scalars(db.select(KeptText.place).where(KeptText.officer_id == successor.id)))
    kept = db.session.scalars(db.select(KeptText).where(KeptText.officer_id == officer.id)).all()
    for each in kept:
        if each.fields is not None and each.place not in taken:
            db.session.execute(
                db.update(KeptText)
                .where(KeptText.officer_id == officer.id, KeptText.place == each.place)
                .values(officer_id=successor.id)
                .execution_options(synchronize_session=False)
            )
    db.session.flush()
    return len(texts)


def _documents(source: Organ, key: str):
    query = db.select(Document.id).where(Document.organ_id == source.id)
    name, _, value = key.partition("-")
    if name == "channel":
        wanted = Document.channel_id == int(value) if value.isdigit() else Document.channel_id.is_(None)
        return query.where(Document.kind == DocumentKind.DISCLOSURE, wanted)
    if name == "category":
        chosen = [row.document_id for row in _newest_services(source) if _category(row) == value]
        return query.where(Document.id.in_(chosen))
    return query.where(db.false())


def _move_documents(source: Organ, target: Organ, ids: Collection[int]) -> int:
    chosen = sorted(ids)
    for start in range(0, len(chosen), 500):
        some = chosen[start : start + 500]
        public = db.update(Document).where(
            Document.id.in_(some), Document.sorted_on.is_not(None), Document.issued_as.is_(None)
        )
        db.session.execute(public.values(issued_as=source.name))
        db.session.execute(db.update(Document).where(Document.id.in_(some)).values(organ_id=target.id))
    return len(chosen)


def _move(model: type, source: Organ, target: Organ) -> int:
    moved = db.session.execute(
        db.update(model).where(model.organ_id == source.id).values(organ_id=target.id)  # type: ignore[attr-defined]
    )
    return moved.rowcount  # type: ignore[attr-defined]


def _count(model: type, organ: Organ) -> int:
    query = db.select(db.func.count(model.id)).where(model.organ_id == organ.id)  # type: ignore[attr-defined]
    return db.session.scalar(query) or 0


def _channel_group(channel_id: int | None, name: str | None, size: int) -> Group:
    return Group(f"channel-{channel_id or 'none'}", f"政府信息：{name or '未归栏目'}", size)


def _by_channel(organ: Organ):
    return (
        db.select(Channel.id, Channel.name, db.func.count(Document.id).label("size"))
        .select_from(Document)
        .outerjoin(Channel, Document.channel_id == Channel.id)
        .where(Document.organ_id == organ.id, Document.kind == DocumentKind.DISCLOSURE)
        .group_by(Channel.id, Channel.name)
        .order_by(Channel.id)
    )


def _by_category(organ: Organ) -> list[tuple[str, str, int]]:
    sizes: dict[str, int] = {}
    for row in _newest_services(organ):
        sizes[_category(row)] = sizes.get(_category(row), 0) + 1
    return [(key, "未分类" if key == "none" else key, size) for key, size in sorted(sizes.items())]


def _newest_services(organ: Organ):
    """Of each service item the category of its newest edition."""
    newest = (
        db.select(db.func.max(Edition.edition_no))
        .where(Edition.document_id == Document.id)
        .correlate(Document)
        .scalar_subquery()
    )
    return db.session.execute(
        db.select(Document.id.label("document_id"), ServiceEdition.item_category)
        .select_from(Document)
        .join(ServiceEdition, ServiceEdition.document_id == Document.id)
        .where(
            Document.organ_id == organ.id,
            Document.kind == DocumentKind.SERVICE,
            ServiceEdition.edition_no == newest,
        )
    ).all()


def _category(row) -> str:
    return row.item_category.value if row.item_category else "none"
