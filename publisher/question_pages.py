"""The pages of 政民互动: questions of the public with the answers, in a list and one by one."""

from dataclasses import dataclass
from typing import Any

from publisher.consultation_pages import Consultation, latest
from publisher.facts import QuestionFacts, ServiceHead, SiteFacts
from publisher.lists import QUESTIONS, ListPage, pager, span
from publisher.navigation import HOME
from publisher.page import Column, Link, Page
from publisher.source import Source
from publisher.structured import question_node

IN_TITLE = 60  # characters
ON_HOME = 5
COLUMN = Column("政民互动", "公众提问与各单位的答复", "政民互动,咨询,答复", "政民互动")


@dataclass(frozen=True)
class QuestionsView:
    """Questions and answers; `items` are the live items some of them are about."""

    page: ListPage
    items: dict[int, ServiceHead]
    site: SiteFacts
    heading: str = ""
    organs: tuple[Link, ...] = ()
    running: tuple[Consultation, ...] = ()
    closed: tuple[Consultation, ...] = ()


@dataclass(frozen=True)
class QuestionView:
    """One question, and the live item it is about."""

    question: QuestionFacts
    item: ServiceHead | None


def questions_page(source: Source, number: int | None) -> Page | None:
    """The home of the column with the newest questions, or an older page of the list of questions."""
    page = _listed(source, QUESTIONS, number)
    if page is None:
        return None
    consultations = latest(source) if number is None else ()
    return _page(
        source, page, COLUMN, organs=organs_asked(source) if number is None else (),
        running=tuple(each for each in consultations if not each.item.is_closed)[:ON_HOME],
        closed=tuple(each for each in consultations if each.item.is_closed)[:ON_HOME],
    )  # fmt: skip


def organ_page(source: Source, organ_id: int, number: int | None) -> Page | None:
    """A page of the questions an organ has answered."""
    organ, address = source.organs.get(organ_id), f"{QUESTIONS}o/{organ_id}/"
    page = _listed(source, address, number)
    if organ is None or page is None or not source.places.state(address).last_place:
        return None
    name = f"{organ.name}的答复"
    return _page(
        source, page, Column(name, f"公众提问与{organ.name}的答复", "", COLUMN.kind), contacts=organ.contacts
    )


def organs_asked(source: Source) -> tuple[Link, ...]:
    """Organs that have answered, with how many questions."""
    return tuple(
        Link(organ.name, url, size)
        for organ in source.organs.values()
        if (size := source.places.state(url := f"{QUESTIONS}o/{organ.id}/").size)
    )


def _listed(source: Source, address: str, number: int | None) -> ListPage | None:
    state = source.places.state(address)
    places = span(address, number, state.last_place)
    if places is None:
        return None
    found = source.questions(source.places.between(address, *places))
    found.sort(key=lambda each: (str(each.answered_on or ""), each.id), reverse=True)
    return ListPage(
        address if number is None else f"{address}{number}.html", "" if number is None else str(number),
        state.size if number is None else None, tuple(found), pager(address, number, state.last_place),
    )  # fmt: skip


def _page(
    source: Source, page: ListPage, column: Column, *, contacts: tuple[str, ...] = (), **more: Any
) -> Page:
    site = source.surroundings.site
    items = source.services(each.document_id for each in page.entries if each.document_id)
    return Page(
        url=page.url,
        template="hudong.html",
        title=column.name + (f"（第{page.name}页）" if page.name else ""),
        view=QuestionsView(page, {item.id: item for item in items}, site, column.name, **more),
        section="hudong",
        trail=(HOME,) if column is COLUMN else (HOME, Link("政民互动", QUESTIONS)),
        description=column.description,
        meta=column.meta,
        contacts=(site.contact_phone, *contacts),
        is_indexed=column is COLUMN or page.total != 0,
    )


def question_page(source: Source, question: QuestionFacts) -> Page:
    """The page of one question."""
    items = source.services([question.document_id]) if question.document_id else []
    return Page(
        url=question.url,
        template="question.html",
        title=cut(question.question),
        view=QuestionView(question, items[0] if items else None),
        section="hudong",
        trail=(HOME, Link("政民互动", QUESTIONS)),
        description=question.answer,
        meta=COLUMN.meta,
        detail=(
            ("ArticleTitle", cut(question.question)),
            ("PubDate", f"{question.answered_on} 00:00" if question.answered_on else ""),
            ("ContentSource", question.organ.name),
        ),
        about=(question_node(question),),
        contacts=(source.surroundings.site.contact_phone, *question.organ.contacts),
        changed_on=question.answered_on,
    )


def cut(text: str) -> str:
    """The beginning of a question, short enough for a title."""
    line = " ".join(text.split())
    return line if len(line) <= IN_TITLE else f"{line[: IN_TITLE - 1]}…"
