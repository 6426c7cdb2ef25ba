"""The citizen's door: apply, look up, search. No cookies, no scripts; every address is below /svc/."""

from flask import Blueprint, Flask, Response
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from county.errors import RefusedError
from endpoint import apply, guards, lookup, problems, search
from endpoint.pages import asset
from installation import keyring

MAX_BODY_BYTES = (
    512 * 1024
)  # 10,000 characters take 120 KB on the wire; four times that is still answered in the form


def register(app: Flask) -> None:
    """Open the door: the public list of addresses is what stands here and nothing else."""
    keyring()  # without keys nothing can be received: fail when starting, not when a citizen has filled in a form
    door = Blueprint("endpoint", __name__, url_prefix="/svc")
    door.before_request(guards.limit_body(MAX_BODY_BYTES))
    door.before_request(guards.refuse_foreign_forms)
    door.after_request(guards.keep_out_of_caches)
    door.add_url_rule("/apply/<path:item_code>", view_func=apply.show, methods=["GET"])
    door.add_url_rule("/apply/<path:item_code>", view_func=apply.send, methods=["POST"])
    door.add_url_rule("/lookup", view_func=lookup.show, methods=["GET"])
    door.add_url_rule("/lookup", view_func=lookup.find, methods=["POST"])
    door.add_url_rule("/search", view_func=search.show, methods=["GET"])
    door.add_url_rule("/api/v1/search", view_func=search.answer, methods=["GET"])
    door.add_url_rule("/assets/<name>", view_func=asset, methods=["GET"])
    door.add_url_rule("/", "nothing", problems.nothing_here, defaults={"place": ""}, methods=["GET"])
    door.add_url_rule("/<path:place>", "nothing", problems.nothing_here, methods=["GET"])
    door.register_error_handler(HTTPException, problems.http_error)
    door.register_error_handler(RefusedError, problems.refused)
    door.register_error_handler(DBAPIError, problems.database_silent)
    app.register_error_handler(MethodNotAllowed, _wrong_method)
    app.register_blueprint(door)


def _wrong_method(error: MethodNotAllowed) -> Response | HTTPException:
    # Flask does not know to which door a request with the wrong method belongs; the address tells.
    return problems.http_error(error) if guards.is_ours() else error
