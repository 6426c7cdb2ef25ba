"""`flask GROUP COMMAND`: the edge for operators and timers."""

from flask import Flask

from commands.county import county_group
from commands.exchange import exchange_group
from commands.officers import officers_group
from commands.sample import sample_group
from commands.search import search_group
from commands.site import site_group
from commands.work import work_command

GROUPS = (county_group, exchange_group, officers_group, search_group, sample_group, site_group)


def register(app: Flask) -> None:
    """Add every command group to the application."""
    for group in GROUPS:
        app.cli.add_command(group)
    app.cli.add_command(work_command)
