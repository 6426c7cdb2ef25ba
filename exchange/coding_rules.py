"""Rows of coding rules (编码规则) as governments publish them: kept with their words, never put in force by an import."""

import re
from typing import Any

from content import rules
from content.models import CodingRule, DocumentKind
from county import ledger
from database import db
from exchange.disclosures import further_metadata
from exchange.errors import RowInTheWayError
from exchange.fields import CODING_RULES, translate
from exchange.report import Outcome
from exchange.run import Run
from exchange.sources import Row
from exchange.values import Reader, check_lengths

KIND = "coding_rule"
# What a code may be made of: classes and literals, each so many times. Nothing that could search without end.
SHAPE = re.compile(r"\^?(?:(?:\[[0-9A-Za-z-]+\]|\\d|[0-9A-Za-z_/.-])(?:\{\d{1,2}\})?)+\$?")
LONGEST_SHAPE = 300


def enter(row: Row, run: Run) -> Outcome:
    """Take in one rule. Without a pattern it is a reference, and that is a gap; so are examples that break its shape.

    Raises: RefusedError naming the field.
    """
    known, keys, unknown = translate(row.values, CODING_RULES)
    reader = Reader(known, CODING_RULES, keys)
    values: dict[str, Any] = {"name": reader.line("name"), "pattern": reader.line("pattern")}
    if not values["name"]:
        raise reader.refuse("name", "：规则没有名称。")
    if values["pattern"]:
        rules.check_pattern(values["pattern"])
    values["kind"] = reader.member("kind", DocumentKind) or DocumentKind.SERVICE
    values["shapes"] = _shapes(reader)
    values["reference"] = further_metadata(reader, {**unknown, **_words(known)}, run)
    check_lengths(values, CodingRule, CODING_RULES)
    return _save(values, _gaps(values, known.get("examples")), run)


def _shapes(reader: Reader) -> dict[str, str]:
    """The regular expressions a code of the rule matches, by what they are of."""
    given = reader.known.get("shapes")
    named = given if isinstance(given, dict) else {"": given} if given else {}
    for text in named.values():
        if not (isinstance(text, str) and len(text) <= LONGEST_SHAPE and SHAPE.fullmatch(text)):
            raise reader.refuse("shapes", "只能由字符、[字符集]、\\d 和 {次数} 组成。")
    return {str(name): text for name, text in named.items()}


def _words(known: dict[str, Any]) -> dict[str, Any]:
    return {name: known[name] for name in ("structure", "segments", "examples", "source") if name in known}


def _gaps(values: dict[str, Any], examples: Any) -> tuple[str, ...]:
    """What the rule lacks before it can be put in force, and examples that are not of its shape."""
    gaps = ["pattern"] if not values["pattern"] else []
    for example in examples if isinstance(examples, list) else []:
        codes = example if isinstance(example, dict) else {"": example}
        for name, shape in values["shapes"].items():
            said = codes.get(name) if name else next(iter(codes.values()), None)
            if isinstance(said, str) and not re.fullmatch(shape, said):
                gaps.append("examples")
    return tuple(dict.fromkeys(gaps))


def _save(values: dict[str, Any], gaps: tuple[str, ...], run: Run) -> Outcome:
    options = run.options
    query = db.select(CodingRule).where(CodingRule.site_id == run.site_id, CodingRule.name == values["name"])
    rule = db.session.scalars(query.order_by(CodingRule.id)).first()
    if rule is None:
        rule = CodingRule(site_id=run.site_id, **values)
        db.session.add(rule)
        db.session.flush()
        run.claim(KIND, rule.id)
        ledger.record("create", rule, by=options.by, at=options.at, details={"by_import": True})
        return Outcome("added", "draft", gaps)
    run.claim(KIND, rule.id)
    given = {name: value for name, value in values.items() if name != "pattern" or value}
    changed = [name for name, value in given.items() if getattr(rule, name) != value]
    if not changed:
        return Outcome("unchanged", "draft", gaps)
    if rule.is_active or ledger.touched_by_officer(rule):
        raise RowInTheWayError(
            "同名的编码规则正在使用或已由工作人员修改，导入的内容与之不同，未予覆盖。", "name"
        )
    for name in changed:
        setattr(rule, name, given[name])
    db.session.flush()
    ledger.record("save", rule, by=options.by, at=options.at, details={"fields": changed})
    return Outcome("changed", "draft", gaps)
