"""The front page and the pages about the service."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.queries import consultations
from consult.queries.rules import rules_now
from consult.services import accounts
from consult.web import privacy_words
from consult.web.i18n import COOKIE, page_language
from consult.web.public.blueprint import bp
from consult.web.session import current_actor, safe_next, settings

YEAR_SECONDS = 365 * 24 * 3600


@bp.get("/")
def home() -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    return render_template(
        "public/home.html",
        open_now=consultations.closing_next(actor, language),
        opening=consultations.opening_next(actor, language),
        answered=consultations.answered_last(actor, language),
    )


@bp.get("/language")
def choose_language() -> ResponseReturnValue:
    """Keep the choice of a language, for the next visit and a person's mail, and go on reading in it."""
    actor, language = current_actor(), page_language()
    if not actor.is_guest and actor.language is not language:
        accounts.choose_language(actor, language)
    response = redirect(safe_next(request.args.get("next")) or url_for("public.home"), 303)
    response.set_cookie(
        COOKIE,
        language.value,
        max_age=YEAR_SECONDS,
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response


@bp.get("/rules")
def rules() -> ResponseReturnValue:
    return render_template("public/rules.html", rules=rules_now())


@bp.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    return render_template("public/accessibility.html")


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    return render_template("public/privacy.html", kept=privacy_words.retention_table())


@bp.get("/help")
def help_page() -> ResponseReturnValue:
    return render_template("public/help.html")
