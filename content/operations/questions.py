"""Questions of the public and their answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from content import rules
from content.errors import Fault
from content.models import Question, QuestionState
from county import ledger
from database import db

LABELS = {"question": "问题", "answer": "答复"}
FIELDS = {"organ", "document", "question", "answer", "answered_on", "extra", "foreign_id", "site_id"}


def save_question(
    question: Question | None, values: Mapping[str, Any], *, publish: bool, by: int | None, at: datetime
) -> Question:
    """Make or change a question; published, it needs an answer and goes to the site.

    Raises: Fault when a text cannot be stored, when the question is empty, or when it is to be published without an answer.
    """
    if question is None:
        question = Question(created_at=at)
    for name in FIELDS & values.keys():
        value = values[name]
        text = rules.storable(value, LABELS[name], name) if name in LABELS and value is not None else value
        setattr(question, name, text)
    if not (question.question or "").strip():
        raise Fault("请填写问题。", "question")
    if publish and not (question.answer or "").strip():
        raise Fault("没有答复的问题不能发布，请填写答复。", "answer")
    if publish:
        question.state = QuestionState.PUBLISHED
    question.updated_at = at
    db.session.add(question)
    db.session.flush()
    ledger.record("save", question, by=by, at=at)
    if question.state is QuestionState.PUBLISHED:
        ledger.owe("publish_question", question.id, at=at)
    return question
