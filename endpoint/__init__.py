"""The citizen's door: apply, look up, search. No cookies, no scripts; every address is below /svc/."""

from flask import Blueprint, Flask, Response
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from county.errors import RefusedError
from endpoint import apply, guards, lookup, problems, search
from endpoint.pages import asset

MAX_BODY_BYTES = (
    512 * 1024
)  # 10,000 characters take 120 KB on the wire; four times that is still answered in the form

ROUTES = (
    ("/apply/<path:item_code>", "apply", apply.show, "GET"),
    ("/apply/<path:item_code>", "send_application", apply.send, "POST"),
    ("/lookup", "lookup", lookup.show, "GET"),
    ("/lookup", "find_case", lookup.find, "POST"),
    ("/search", "search", search.show, "GET"),
    ("/api/v1/search", "search_api", search.answer, "GET"),
    ("/assets/<name>", "asset", asset, "GET"),
    ("/<path:place>", "nothing", problems.nothing_here, "GET"),
)


def register(app: Flask) -> None:
    """Open the door: the public list of addresses is what stands here and nothing else."""
    door = Blueprint("endpoint", __name__, url_prefix="/svc")
    door.before_request(guards.limit_body(MAX_BODY_BYTES))
    door.before_request(guards.refuse_foreign_forms)
    door.after_request(guards.keep_out_of_caches)
    for place, name, view, method in ROUTES:
        door.add_url_rule(place, name, view, methods=[method])
    door.add_url_rule("/", "nothing", problems.nothing_here, defaults={"place": ""}, methods=["GET"])
    door.register_error_handler(HTTPException, problems.http_error)
    door.register_error_handler(RefusedError, problems.refused)
    door.register_error_handler(DBAPIError, problems.database_silent)
    app.register_error_handler(MethodNotAllowed, _wrong_method)
    app.register_blueprint(door)


def _wrong_method(error: MethodNotAllowed) -> Response | HTTPException:
    # Flask does not know to which door a request with the wrong method belongs; the address tells.
    return problems.http_error(error) if guards.is_ours() else error
