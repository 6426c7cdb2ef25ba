"""The settings and keys of the installation at hand. For edges only; libraries get them as arguments."""

from flask import current_app

from config import Settings
from county.keys import Keyring


def settings() -> Settings:
    """The settings of the running application."""
    return current_app.extensions["settings"]


def keyring() -> Keyring:
    """The keys of the installation, read when first asked for.

    Raises: as Keyring.from_directory, naming the folder and the cure.
    """
    if "keyring" not in current_app.extensions:
        current_app.extensions["keyring"] = Keyring.from_directory(settings().key_folder)
    return current_app.extensions["keyring"]
