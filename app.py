"""create_app: settings, database, commands, answers common to all doors, and the doors asked for."""

import atexit
import gc
import importlib
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, current_app
from flask_migrate import Migrate
from sqlalchemy import event, text
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

import commands
from config import SettingError, Settings
from county import bell
from county.keys import Keyring
from county.ledger import ERRAND_IS_DUE
from county.passwords import PasswordPolicy
from database import db
from publisher.theme import use_theme

MIGRATIONS = Path(__file__).parent / "migrations"
DOOR_PACKAGES = {"site": "site_server", "endpoint": "endpoint", "admin": "admin"}
PUBLIC_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(doors: Sequence[str] = (), settings: Settings | None = None) -> Flask:
    """Build the application with the doors named: "site", "endpoint", "admin"; with none, for the command line.

    A door's package is imported only when it is asked for: `wsgi:public` holds not a line of the back office.

    Raises: SettingError if a setting cannot be used; KeyringError if a door is to be opened
    and the keys are missing or readable by others.
    """
    settings = settings or Settings.from_environment()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for variable in Settings.unknown_variables():
        logging.getLogger("zhuanlan").warning(
            "unknown setting %s is ignored; see docs/operations.md", variable
        )
    app = Flask("zhuanlan", root_path=str(MIGRATIONS.parent), static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # a failing statement must not log a person
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=(settings.upload_max_mb + 2) * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,  # a law of 500,000 characters is typed into one field
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
    )
    app.extensions["settings"] = settings
    app.extensions["password_policy"] = _password_policy(settings)
    _check_provider(settings)
    _make_folders(settings)
    use_theme(settings.theme_folder)
    commands.register(app)
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    if doors:
        _open_doors(app, doors, settings)
    return app


def _password_policy(settings: Settings) -> PasswordPolicy:
    try:
        return PasswordPolicy.from_text(settings.password_policy)
    except ValueError as error:
        raise SettingError("ZHUANLAN_PASSWORD_POLICY", str(error)) from None


def _check_provider(settings: Settings) -> None:
    issuer = urlsplit(settings.oidc_issuer)
    is_here = issuer.hostname in ("127.0.0.1", "localhost", "::1")
    if settings.oidc_issuer and not (issuer.scheme == "https" or (issuer.scheme == "http" and is_here)):
        raise SettingError("ZHUANLAN_OIDC_ISSUER", "an address that begins with https://")
    if settings.oidc_issuer and not settings.oidc_client_id:
        raise SettingError("ZHUANLAN_OIDC_CLIENT_ID", "the name the provider gave this installation")


def for_commands() -> Flask:
    """The application of `flask …`: without doors, and a setting that cannot be used is said in a sentence."""
    atexit.register(gc.freeze)  # what is left at the end goes with the process; nobody need look through it
    try:
        return create_app()
    except SettingError as error:
        sys.exit(f"A setting cannot be used. {error}")


@event.listens_for(db.session, "after_commit")
def _call_the_worker(session: Session) -> None:
    """Ring for an errand once it can be read, that is after the transaction and not after a savepoint in it."""
    if not session.in_nested_transaction() and session.info.pop(ERRAND_IS_DUE, False):
        bell.ring(current_app.extensions["settings"].home / bell.NAME)


@event.listens_for(db.session, "after_rollback")
def _forget_to_call(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(ERRAND_IS_DUE, None)


def _make_folders(settings: Settings) -> None:
    """The web server's account passes through the home to the site, and reads neither it nor the uploads."""
    if not settings.home.exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        settings.home.chmod(0o711)
    uploads = settings.upload_folder
    uploads.mkdir(exist_ok=True)
    with suppress(PermissionError):  # another account's installation
        if uploads.stat().st_mode & 0o077:
            uploads.chmod(0o700)


def _open_doors(app: Flask, doors: Sequence[str], settings: Settings) -> None:
    keyring = app.extensions["keyring"] = Keyring.from_directory(settings.key_folder)
    app.config["SECRET_KEY"] = keyring.derive("flask session")
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    app.after_request(_set_security_headers)
    app.add_url_rule("/healthz", "healthz", lambda: Response("ok\n", mimetype="text/plain"))
    app.add_url_rule("/readyz", "readyz", _readyz)
    for door in doors:
        importlib.import_module(DOOR_PACKAGES[door]).register(app)


def _set_security_headers(response: Response) -> Response:
    """Strict by default; a door that needs otherwise sets its own header first."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", PUBLIC_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    # `same-origin` would make the forms of the static pages arrive with "Origin: null".
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _readyz() -> Response:
    """Whether the database answers."""
    try:
        db.session.execute(text("SELECT 1"))
    except Exception:
        logging.getLogger("zhuanlan").exception("readiness check failed")
        return Response("database does not answer\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
