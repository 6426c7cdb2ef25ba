"""The back office (/admin/): the edge for officers. Thin Flask-Admin views; every act is one call into an operation."""

from datetime import timedelta

from flask import Blueprint, Flask
from flask_admin import Admin
from flask_babel import Babel
from flask_wtf import CSRFProtect

from admin import door, words
from admin.alerts import AlertsView
from admin.applications import ApplicationsView
from admin.calendar import CalendarView
from admin.deputies import DeputiesView
from admin.desk import DeskView
from admin.duties import DutiesView
from admin.editions.disclosure_items import DisclosuresView
from admin.editions.service_items import ServicesView
from admin.exchange.forms_view import FormsView
from admin.exchange.mappings_view import MappingsView
from admin.exchange.tasks_view import TasksView
from admin.files import FilesView
from admin.find import FindView
from admin.freshness import FreshnessView
from admin.ledger import LedgerView
from admin.numbering import CodingRulesView
from admin.officers import OfficersView
from admin.organ_pick import LookupView
from admin.planned import PlannedView
from admin.previews import preview_pages
from admin.queues import PublishQueueView, ReviewQueueView
from admin.releases import ReleasesView
from admin.review_chains import ReviewChainsView
from admin.second_factor import second_factor_pages
from admin.sign_in import sign_in_pages
from admin.sign_on import sign_on_pages
from admin.site_settings import SiteView
from admin.standing import StandingView
from admin.structure import ChannelsView, OrgansView

VIEWS = (
    DisclosuresView,
    ServicesView,
    ReviewQueueView,
    PublishQueueView,
    PlannedView,
    DeputiesView,
    StandingView,
    FindView,
    FreshnessView,
    ApplicationsView,
    FormsView,
    TasksView,
    MappingsView,
    OrgansView,
    ChannelsView,
    DutiesView,
    SiteView,
    AlertsView,
    CodingRulesView,
    ReviewChainsView,
    CalendarView,
    OfficersView,
    ReleasesView,
    LedgerView,
    FilesView,
    LookupView,
)


def register(app: Flask) -> None:
    """Open the back office in this application: its views, its guards and its pages."""
    settings = app.extensions["settings"]
    app.config.update(
        SESSION_COOKIE_NAME="office_form",  # holds the form token only; who is signed in is another cookie
        SESSION_COOKIE_PATH=door.PATH,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_CHECK_DEFAULT=False,  # the door checks its own paths; the endpoint has no cookies to ride on
        WTF_CSRF_TIME_LIMIT=int(timedelta(hours=settings.session_hours).total_seconds()),
    )
    Babel(app)
    CSRFProtect(app)
    pages = Blueprint(
        "office", __name__, url_prefix=door.PATH, template_folder="templates", static_folder="static"
    )
    app.register_blueprint(pages)
    app.register_blueprint(sign_in_pages)
    app.register_blueprint(second_factor_pages)
    app.register_blueprint(sign_on_pages)
    app.register_blueprint(preview_pages)
    door.guard(app)
    words.teach(app)
    office = Admin(app, name="后台", index_view=DeskView())
    office.add_views(*(view() for view in VIEWS))
