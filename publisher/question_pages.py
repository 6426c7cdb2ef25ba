"""The pages of 政民互动: questions of the public with the answers, in a list and one by one."""

from dataclasses import dataclass

from publisher.facts import QuestionFacts, ServiceHead, SiteFacts
from publisher.lists import QUESTIONS, ListPage, pager, span
from publisher.navigation import HOME
from publisher.page import Column, Link, Page
from publisher.source import Source
from publisher.structured import question_node

IN_TITLE = 60  # characters
COLUMN = Column("政民互动", "公众提问与各单位的答复", "政民互动,咨询,答复", "政民互动")


@dataclass(frozen=True)
class QuestionsView:
    """Questions and answers; `items` are the live items some of them are about."""

    page: ListPage
    items: dict[int, ServiceHead]
    site: SiteFacts


@dataclass(frozen=True)
class QuestionView:
    """One question, and the live item it is about."""

    question: QuestionFacts
    item: ServiceHead | None


def questions_page(source: Source, number: int | None) -> Page | None:
    """A page of the list of questions."""
    state = source.places.state(QUESTIONS)
    places = span(QUESTIONS, number, state.last_place)
    if places is None:
        return None
    found = source.questions(source.places.between(QUESTIONS, *places))
    found.sort(key=lambda each: (str(each.answered_on or ""), each.id), reverse=True)
    name, site = "" if number is None else str(number), source.surroundings.site
    page = ListPage(
        QUESTIONS if number is None else f"{QUESTIONS}{number}.html", name,
        state.size if number is None else None, tuple(found), pager(QUESTIONS, number, state.last_place),
    )  # fmt: skip
    items = source.services(each.document_id for each in found if each.document_id)
    return Page(
        url=page.url,
        template="hudong.html",
        title="政民互动" + (f"（第{name}页）" if name else ""),
        view=QuestionsView(page, {item.id: item for item in items}, site),
        section="hudong",
        trail=(HOME,),
        description=COLUMN.description,
        meta=COLUMN.meta,
        contacts=(site.contact_phone,),
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
        meta=(
            *COLUMN.meta,
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
