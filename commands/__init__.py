"""`flask GROUP COMMAND`: the edge for operators and timers."""

from flask import Flask

from commands.county import county_group
from commands.exchange import exchange_group
from commands.officers import officers_group
from commands.site import site_group

GROUPS = (county_group, exchange_group, officers_group, site_group)


def register(app: Flask) -> None:
    """Add every command group to the application."""
    for group in GROUPS:
        app.cli.add_command(group)
