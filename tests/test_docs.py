"""What the code has, the documents name."""

import enum
import re
from dataclasses import fields
from pathlib import Path
from pkgutil import resolve_name

import click
import pytest

import cases.models
import commands
import content.models
from config import PREFIX, Settings
from county.officers import Role
from database import db

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def text(name):
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_table_is_in_the_glossary(app):
    glossary = text("glossary.md")

    assert [name for name in db.metadata.tables if f"`{name}`" not in glossary] == []


@pytest.mark.parametrize(
    "kind", [Role, content.models.EditionState, cases.models.ApplicationState], ids=lambda kind: kind.__name__
)
def test_every_state_and_role_is_in_the_glossary(kind: type[enum.Enum]):
    glossary = text("glossary.md")

    assert [member.value for member in kind if f"`{member.value}`" not in glossary] == []


def test_every_setting_is_in_the_operations_guide():
    guide = text("operations.md")

    assert [
        setting.name for setting in fields(Settings) if f"`{PREFIX}{setting.name.upper()}`" not in guide
    ] == []


def test_every_command_is_in_the_operations_guide_and_has_help(app):
    guide = text("operations.md")

    for name in commands.PLACES:
        group = resolve_name(commands.PLACES[name])
        context = click.Context(group)
        assert f"flask {name}" in guide
        for sub in group.list_commands(context) if isinstance(group, click.Group) else ():
            command = group.get_command(context, sub)
            assert re.search(rf"`?{sub}\b", guide), f"{name} {sub}"
            assert command.help, f"{name} {sub}"
            assert "Example:" in command.help, f"{name} {sub}"


def test_every_decision_is_numbered_in_order():
    numbers = [int(file.name[:4]) for file in sorted((DOCS / "decisions").glob("*.md"))]

    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    "file", sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")]), ids=lambda file: file.name
)
def test_links_between_documents_lead_somewhere(file):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))

    assert [link for link in links if not (file.parent / link).exists()] == []
