"""`flask GROUP COMMAND`: the edge for operators and timers."""

from flask import Flask

from commands.output import Group

PLACES = {
    "county": "commands.county:county_group",
    "exchange": "commands.exchange:exchange_group",
    "ledger": "commands.ledger:ledger_group",
    "officers": "commands.officers:officers_group",
    "sample": "commands.sample:sample_group",
    "search": "commands.search:search_group",
    "site": "commands.site:site_group",
    "work": "commands.work:work_command",
}


def register(app: Flask) -> None:
    """Have `flask` know our commands."""
    app.cli = Group(app.name, elsewhere=PLACES)
