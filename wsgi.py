"""For WSGI servers: `app` serves everything, `public` the endpoint alone, `office` the back office alone."""

from typing import TYPE_CHECKING

from app import create_app

if TYPE_CHECKING:
    from flask import Flask

    app: Flask
    public: Flask
    office: Flask

DOORS = {"app": ("site", "endpoint", "admin"), "public": ("endpoint",), "office": ("admin",)}


def __getattr__(name: str) -> "Flask":
    """Build an application when it is asked for, so that `wsgi:public` never loads the back office."""
    if name not in DOORS:
        raise AttributeError(name)
    return globals().setdefault(name, create_app(DOORS[name]))
