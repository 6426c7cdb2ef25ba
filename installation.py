"""The settings, keys and index of the installation at hand. For edges only; libraries get them as arguments."""

from flask import current_app

from config import Settings
from county.keys import Keyring
from county.passwords import PasswordPolicy
from search import WhooshIndex


def settings() -> Settings:
    """The settings of the running application."""
    return current_app.extensions["settings"]


def password_policy() -> PasswordPolicy:
    """What passwords of the running application must be like."""
    return current_app.extensions["password_policy"]


def keyring() -> Keyring:
    """The keys of the installation, read when first asked for.

    Raises: KeyringError, naming the folder and the cure.
    """
    if "keyring" not in current_app.extensions:
        current_app.extensions["keyring"] = Keyring.from_directory(settings().key_folder)
    return current_app.extensions["keyring"]


def search_index() -> WhooshIndex:
    """The search index; one object serves every thread of the process."""
    if "search_index" not in current_app.extensions:
        index = WhooshIndex(settings().index_folder, keyring().derive("search index"))
        current_app.extensions["search_index"] = index
    return current_app.extensions["search_index"]
