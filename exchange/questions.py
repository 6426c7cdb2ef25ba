"""Rows of questions of the public with their answers (咨询答复)."""

from typing import Any

from content import operations, queries
from content.models import Document, DocumentKind, Question, QuestionState
from county import ledger
from county.organs import Organ
from database import db
from exchange.disclosures import further_metadata, key_of
from exchange.errors import RowInTheWayError
from exchange.fields import QUESTIONS, translate
from exchange.report import Outcome
from exchange.run import PUBLISHED, Run
from exchange.sources import Row
from exchange.values import Reader

KIND = "question"


def enter(row: Row, run: Run) -> Outcome:
    """Take in one question. Without an answer it waits as a draft.

    Raises: RefusedError naming the field.
    """
    known, keys, unknown = translate(row.values, QUESTIONS)
    reader = Reader(known, QUESTIONS)
    organ = run.names.organ(reader.line("organ"))
    values = _values(reader, organ)
    item = _item(reader, organ)
    if item is not None:
        values["document"] = item
    elif "item_name" in reader:
        unknown[keys["item_name"]] = known["item_name"]  # the words stay; which item they mean is not guessed
    foreign_id = key_of(reader, "id", 200)
    question = _find(foreign_id, organ, values["question"], run)
    further = {**(question.extra if question else {}), **further_metadata(reader, unknown, run)}
    if "item_name" in reader:
        run.unknown.discard(keys["item_name"])
    if further:
        values["extra"] = further
    return _save(question, foreign_id, values, run)


def foreign_id_of(question: Question, site_code: str) -> str:
    """The `id` under which a question is exported."""
    return question.foreign_id or f"{site_code}:q{question.id}"


def _values(reader: Reader, organ: Organ) -> dict[str, Any]:
    values: dict[str, Any] = {"organ": organ, "question": reader.text("question")}
    if "answer" in reader:
        values["answer"] = reader.text("answer")
    if "answered_on" in reader:
        values["answered_on"] = reader.day("answered_on")
    return values


def _item(reader: Reader, organ: Organ) -> Document | None:
    """The service item a question belongs to: by its code, or by its exact name within the same organ."""
    code = reader.line("item_code")
    if code:
        item = queries.document_by_number(DocumentKind.SERVICE, code)
        if item is None:
            raise reader.refuse("item_code", "不是已有事项的编码，请先导入该事项，或检查编码。")
        return item
    name = reader.line("item_name")
    return queries.item_by_name(organ.id, name) if name else None


def _find(foreign_id: str | None, organ: Organ, text: str, run: Run) -> Question | None:
    if not foreign_id:
        return queries.question_by_text(organ.id, text)
    found = queries.question_by_foreign_id(foreign_id)
    head, _, own = foreign_id.partition(":q")
    if found or head != run.site_code or not own.isdigit() or len(own) > 9:
        return found
    question = db.session.get(Question, int(own))
    return question if question and not question.foreign_id else None


def _save(question: Question | None, foreign_id: str | None, values: dict[str, Any], run: Run) -> Outcome:
    options = run.options
    answered = bool(values.get("answer") or (question and question.answer))
    is_live = question is not None and question.state is QuestionState.PUBLISHED
    publish = options.state == PUBLISHED and answered and not is_live
    if question is None:
        values |= {"site_id": run.site_id, "foreign_id": foreign_id}
        question = operations.save_question(None, values, publish=publish, by=options.by, at=options.at)
        run.claim(KIND, question.id)
        return _outcome("added", question)
    run.claim(KIND, question.id)
    differs = [name for name, value in values.items() if getattr(question, name) != value]
    if differs and ledger.touched_by_officer(question):
        raise RowInTheWayError("该问答已由工作人员修改，导入的内容与之不同，未予覆盖；请在后台修改。", "id")
    if not differs and not publish:
        return _outcome("unchanged", question)
    operations.save_question(question, values, publish=publish, by=options.by, at=options.at)
    return _outcome("changed", question)


def _outcome(change: str, question: Question) -> Outcome:
    state = "published" if question.state is QuestionState.PUBLISHED else "draft"
    return Outcome(change, state, () if question.answer else ("answer",))
