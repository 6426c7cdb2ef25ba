"""`flask officers`: accounts."""

from datetime import UTC, datetime

import click

from commands.output import Group, fail, refusals_said, say
from county import second_factor, sign_in, sign_on
from county.officers import Officer, Role
from county.organs import Organ, organ_by_code_or_name
from database import db
from installation import settings

officers_group = Group("officers", help="Accounts of the back office.")


@officers_group.command("create")
@click.argument("login")
@click.argument("name")
@click.option("--organ", required=True, help="Code or name of the organ the officer belongs to.")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]))
@click.option(
    "--everywhere", is_flag=True, help="The roles hold for the whole installation, not the organ alone."
)
def create(login: str, name: str, organ: str, roles: tuple[str, ...], everywhere: bool) -> None:
    """Make an account and print its one-time sign-in link.

    Example: flask officers create zhang.wei 张伟 --organ 990123-XZSP --role administrator --everywhere
    """
    now = datetime.now(UTC)
    home = organ_by_code_or_name(organ)
    if home is None:
        fail(f"No organ has the code or name {organ!r}.")
    with refusals_said():
        officer = sign_in.create_officer(login, name, home, by=None, at=now)
        for role in roles:
            _grant(officer, role, None if everywhere else home, now)
        token = sign_in.make_link(officer, by=None, at=now)
    db.session.commit()
    say(f"{login} ({name}) is there. One-time sign-in link, good for 24 hours:")
    click.echo(link_address(token))


@officers_group.command("grant")
@click.argument("login")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.option(
    "--organ", help="Code or name of the organ for which it holds; without: the whole installation."
)
def grant(login: str, role: str, organ: str | None) -> None:
    """Give a role. Also the way to the first security administrator.

    Example: flask officers grant zhang.wei security_administrator
    """
    where = organ_by_code_or_name(organ) if organ else None
    if organ and where is None:
        fail(f"No organ has the code or name {organ!r}.")
    with refusals_said():
        _grant(_officer(login), role, where, datetime.now(UTC))
    db.session.commit()
    say(f"{login} is {role} {f'for {where.name}' if where else 'for the whole installation'}.")


@officers_group.command("revoke")
@click.argument("login")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def revoke(login: str, role: str) -> None:
    """Take a role back, wherever it is held: to separate administrators, for instance.

    Example: flask officers revoke zhang.wei auditor
    """
    officer = _officer(login)
    held = [grant for grant in officer.grants if grant.role is Role(role)]
    if not held:
        fail(f"{login} does not hold the role {role}.")
    for grant in held:
        sign_in.revoke_role(officer, grant, by=None, at=datetime.now(UTC))
    db.session.commit()
    say(f"{login} is no longer {role}.")


@officers_group.command("invite")
@click.argument("login")
def invite(login: str) -> None:
    """Print a fresh one-time sign-in link; earlier ones end.

    Example: flask officers invite zhang.wei
    """
    token = sign_in.make_link(_officer(login), by=None, at=datetime.now(UTC))
    db.session.commit()
    click.echo(link_address(token))


@officers_group.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close an account and end its sessions at once.

    Example: flask officers disable zhang.wei
    """
    sign_in.disable_officer(_officer(login), by=None, at=datetime.now(UTC))
    db.session.commit()
    say(f"{login} is disabled.")


@officers_group.command("unbind")
@click.argument("login")
def unbind(login: str) -> None:
    """Let the provider's account of somebody sign nobody on any more, and end the sessions.

    Example: flask officers unbind zhang.wei
    """
    sign_on.unbind(_officer(login), by=None, at=datetime.now(UTC))
    db.session.commit()
    say(f"{login} is bound to no account of the provider. A one-time link binds anew.")


@officers_group.command("reset-second-factor")
@click.argument("login")
def reset_second_factor(login: str) -> None:
    """Forget the authenticator of an account whose owner lost it, and end its sessions.

    Example: flask officers reset-second-factor zhang.wei
    """
    second_factor.reset(_officer(login), by=None, at=datetime.now(UTC))
    db.session.commit()
    say(f"{login} sets up two-step sign-in anew after the next sign-in.")


def link_address(token: str) -> str:
    """The address of a one-time sign-in link. Opening it only shows a button: a scanner's visit uses nothing up."""
    return f"{settings().public_url}/admin/sign-in/{token}"


def _grant(officer: Officer, role: str, organ: Organ | None, at: datetime) -> None:
    separated = settings().separate_administrators
    sign_in.grant_role(officer, Role(role), organ, by=None, at=at, separated=separated)


def _officer(login: str) -> Officer:
    officer = db.session.scalar(db.select(Officer).where(Officer.login == login))
    if officer is None:
        fail(f"No account has the login {login!r}.")
    return officer
