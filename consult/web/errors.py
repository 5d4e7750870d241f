"""Pages that say what went wrong and what to do; never a traceback."""

import secrets
from http import HTTPStatus

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from consult.domain.errors import Reason, Refused
from consult.web import refusals
from consult.web.forms import without_nul
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import readable_path
from consult.web.session import is_htmx

KEPT = {"body", "reason"}
SHORT = 120
"""Characters; tokens and choices are shorter, what somebody wrote is worth giving back."""
LONGEST_KEPT = 100_000
"""Characters of an unsent text that an error page gives back."""
RAISED = "consult.raised"
"""Where a short way before Flask leaves in the environment what it could not answer for."""


def init_app(app: Flask) -> None:
    app.before_request(_raise_again)
    app.register_error_handler(Refused, refusal_page)
    app.register_error_handler(CSRFError, lambda _error: refusal_page(Refused(Reason.FORM_EXPIRED)))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _raise_again() -> None:
    """Answer what failed before Flask was asked as what fails in a view, without trying it a second time."""
    error = request.environ.pop(RAISED, None)
    if error is not None:
        raise error


def refusal_page(refused: Refused) -> ResponseReturnValue:
    if refused.reason is Reason.SIGN_IN_NEEDED and request.method in {"GET", "HEAD"}:
        target = request.full_path if request.query_string else request.path
        return redirect(url_for("citizens.sign_in", lang=page_language().value, next=target), 303)
    if refused.reason is Reason.SECOND_FACTOR_NEEDED and request.method in {"GET", "HEAD"}:
        return redirect(url_for("citizens.security"), 303)
    return error_page(refusals.status(refused), refusals.sentence(refused))


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = HTTPStatus(error.code or 500)
    answer = error_page(status, _explanations().get(status, _("The request cannot be answered.")))
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        body, code = answer
        return body, code, {"Allow": ", ".join(getattr(error, "valid_methods", None) or [])}
    return answer


def _explanations() -> dict[HTTPStatus, str]:
    return {
        HTTPStatus.NOT_FOUND: _(
            "There is nothing at this address. It may have been removed or never existed."
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: _(
            "This address only takes forms. Go back and use the buttons of the page."
        ),
        HTTPStatus.BAD_REQUEST: _("This address cannot be read. Check it and try again."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("What you sent is too large: the limit is 10 MB for a file."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests in a short time. Wait a minute and try again."),
    }


def _unexpected(error: Exception) -> ResponseReturnValue:
    number = secrets.token_hex(4)
    current_app.logger.error("request %s failed", number, exc_info=error)
    if current_app.testing:
        raise error
    explanation = _("Something broke on our side. It is recorded; try again in a few minutes.")
    return error_page(HTTPStatus.INTERNAL_SERVER_ERROR, explanation, number=number)


def error_page(status: HTTPStatus, explanation: str, *, number: str | None = None) -> tuple[str, int]:
    """The page, and with it whatever text the person had just written; for htmx the sentence alone."""
    if is_htmx():
        return render_template("parts/refusal.html", explanation=explanation), status.value
    page = render_template(
        "public/error.html",
        title=_title(status),
        explanation=explanation,
        request_id=number,
        kept=_kept(),
        sign_in_url=_sign_in_url() if status is HTTPStatus.UNAUTHORIZED else None,
    )
    return page, status.value


def _sign_in_url() -> str:
    """To sign in, and come back to where the form was."""
    return url_for("citizens.sign_in", next=readable_path(request.path))


def _kept() -> str:
    """The texts that were sent; empty where there are none, or the request is too large to be read."""
    if request.method != "POST":
        return ""
    try:
        texts = [
            text
            for name, text in request.form.items()
            if "password" not in name and (name in KEPT or len(text) > SHORT)
        ]
    except RequestEntityTooLarge:
        return ""
    return without_nul("\n\n".join(filter(None, texts)))[:LONGEST_KEPT]


def _title(status: HTTPStatus) -> str:
    titles = {
        HTTPStatus.UNAUTHORIZED: _("Sign in first"),
        HTTPStatus.FORBIDDEN: _("Not permitted"),
        HTTPStatus.NOT_FOUND: _("Page not found"),
        HTTPStatus.CONFLICT: _("This is no longer possible"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Too large"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("Server error"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("The service is busy"),
    }
    return titles.get(status, _("This did not work"))
