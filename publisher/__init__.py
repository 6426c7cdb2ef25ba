"""Database to static site: what changed is rendered, checked, and put live so that no reader meets a half of it."""

from publisher.building import build_into, compressed, prepare_build
from publisher.chrome import CHROME_URL
from publisher.errors import BusyError, PublishError
from publisher.pages import Changes
from publisher.processes import Progress
from publisher.publication import Blocked, Place, Report
from publisher.publishing import Prepared, carry_out, finish, prepare, tidy, unchanged
from publisher.state import (
    Proof,
    is_held,
    is_unfinished,
    kept_back,
    proof_of,
    publications,
    shown_as_published,
    shown_editions,
)
from publisher.trees import live_tree, one_publisher

__all__ = [
    "CHROME_URL",
    "Blocked",
    "BusyError",
    "Changes",
    "Place",
    "Prepared",
    "Progress",
    "Proof",
    "PublishError",
    "Report",
    "build_into",
    "carry_out",
    "compressed",
    "finish",
    "is_held",
    "is_unfinished",
    "kept_back",
    "live_tree",
    "one_publisher",
    "prepare",
    "prepare_build",
    "proof_of",
    "publications",
    "shown_as_published",
    "shown_editions",
    "tidy",
    "unchanged",
]
