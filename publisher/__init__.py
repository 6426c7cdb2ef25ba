"""Database to static site: what changed is rendered, checked, and put live so that no reader meets a half of it."""

from publisher.building import build_into, prepare_build
from publisher.chrome import CHROME_URL
from publisher.compressing import compressed
from publisher.disclosure_pages import ORDER as DISCLOSURE_PARTS
from publisher.errors import BusyError, HeldError, LostError, PublishError
from publisher.models import Publication, PublicationKind
from publisher.navigation import ROOT_CODE as DISCLOSURE_ROOT
from publisher.own_page import OwnPage, own_page, seal_again
from publisher.page import address_of
from publisher.plan import Plan, PlannedFile, make_plan, preview
from publisher.processes import Progress
from publisher.proofs import (
    Contents,
    Expected,
    Proof,
    contents_of,
    expected,
    files_of,
    proofs_of,
    publication_named,
    see,
)
from publisher.publishing import carry_out, finish, prepare, tidy, unchanged
from publisher.records import Prepared
from publisher.report import Blocked, Report
from publisher.rollback import Release, prepare_rollback, releases
from publisher.state import (
    is_held,
    is_unfinished,
    kept_back,
    noted_heads,
    pages_kept_back,
    publications,
    shown_as_published,
    shown_editions,
    shown_instead,
    standing_of,
)
from publisher.touching import Changes
from publisher.trees import Place, live_tree, one_publisher
from publisher.verify import Verdict, verify

__all__ = [
    "CHROME_URL",
    "DISCLOSURE_PARTS",
    "DISCLOSURE_ROOT",
    "Blocked",
    "BusyError",
    "Changes",
    "Contents",
    "Expected",
    "HeldError",
    "LostError",
    "OwnPage",
    "Place",
    "Plan",
    "PlannedFile",
    "Prepared",
    "Progress",
    "Proof",
    "Publication",
    "PublicationKind",
    "PublishError",
    "Release",
    "Report",
    "Verdict",
    "address_of",
    "build_into",
    "carry_out",
    "compressed",
    "contents_of",
    "expected",
    "files_of",
    "finish",
    "is_held",
    "is_unfinished",
    "kept_back",
    "live_tree",
    "make_plan",
    "noted_heads",
    "one_publisher",
    "own_page",
    "pages_kept_back",
    "prepare",
    "prepare_build",
    "prepare_rollback",
    "preview",
    "proofs_of",
    "publication_named",
    "publications",
    "releases",
    "seal_again",
    "see",
    "shown_as_published",
    "shown_editions",
    "shown_instead",
    "standing_of",
    "tidy",
    "unchanged",
    "verify",
]
