"""What people say: the comments of a consultation by question, theme, language and answer; marking them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import consultations_where, may_answer
from consult.domain.search import QUERY_LONGEST
from consult.domain.texts import kept_text
from consult.queries.access import key_at
from consult.queries.consultations import ConsultationView, consultation_at, list_consultations
from consult.queries.outcomes import coverage_of
from consult.queries.questions import questions_of
from consult.queries.themes import Filters, Standing, analysed_comments, themes_of
from consult.services import searching, themes
from consult.web import refusals
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext, page_language
from consult.web.keys import page_key, page_keys
from consult.web.officials.blueprint import bp
from consult.web.session import arguments, current_actor, guarded

NO_THEME = "none"
"""What the filter of themes says for comments without one."""


def under_analysis(slug: str) -> ConsultationView:
    """The consultation at an address, for those who may answer it.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, NOT_FOUND.
    """
    actor = current_actor()
    key_at(actor, may_answer, slug)
    return consultation_at(actor, slug, page_language())


@bp.get("/o/answering")
@guarded(may_answer)
def answering() -> ResponseReturnValue:
    """The consultations that this person may answer."""
    actor, before = current_actor(), page_key("before")
    listed = list_consultations(
        actor, page_language(), before=before, only=consultations_where(actor, may_answer)
    )
    return render_template("officials/answering.html", listed=listed, is_first_page=before is None)


@bp.get("/o/consultations/<slug>/analysis")
@guarded(may_answer)
def analysis(slug: str) -> ResponseReturnValue:
    return _page(under_analysis(slug))


@bp.post("/o/consultations/<slug>/analysis/mark")
@guarded(may_answer)
def mark_comments(slug: str) -> ResponseReturnValue:
    """Put a theme on what is ticked, take it off, or go and answer it, as the button says."""
    consultation = under_analysis(slug)
    chosen, act = page_keys("comment"), request.form.get("act", "")
    if act == "answer" and chosen:
        return redirect(url_for(".position", slug=slug, comment=chosen), 303)
    try:
        _mark(consultation, chosen, act)
    except Refused as refused:
        if refused.reason is not Reason.NOTHING_CHOSEN:
            raise
        return _page(consultation, refusals.sentence(refused), chosen), refusals.status(refused)
    return redirect(url_for(".analysis", slug=slug, **_kept()), 303)


def _mark(consultation: ConsultationView, chosen: list[int], act: str) -> None:
    if not chosen:
        raise Refused(Reason.NOTHING_CHOSEN)
    deed = themes.take_theme if act == "take" else themes.put_theme
    count = deed(current_actor(), consultation.id, page_key("mark") or 0, chosen)
    said = (
        ngettext("The theme is taken off %(num)s comment.", "The theme is taken off %(num)s comments.", count)
        if act == "take"
        else ngettext("The theme is put on %(num)s comment.", "The theme is put on %(num)s comments.", count)
    )
    flash(said, "success")


def _page(consultation: ConsultationView, problem: str = "", ticked: list[int] | None = None) -> str:
    language, kept, after = page_language(), _kept(), page_key("after")
    cards = themes_of(consultation.id)
    return render_template(
        "officials/analysis.html",
        consultation=consultation,
        problem=problem,
        ticked=ticked or (),
        kept=kept,
        themes=cards,
        by_id={card.id: card for card in cards},
        questions=questions_of(current_actor(), consultation.id, language),
        coverage=coverage_of(consultation.id),
        found=analysed_comments(consultation.id, _filters(consultation.id, kept), after=after),
        is_first_page=after is None,
        standings=Standing,
        heading=_("What people say"),
    )


def _kept() -> dict[str, Any]:
    """The filters of the address or the form that say something, as an address has them."""
    language, standing = request.values.get("language", ""), request.values.get("standing", "")
    words = kept_text(request.values.get("q", "")[: 10 * QUERY_LONGEST])
    theme = NO_THEME if request.values.get("theme") == NO_THEME else page_key("theme")
    return arguments(
        q=" ".join(words.split())[:QUERY_LONGEST] or None,
        question=page_key("question"),
        theme=theme,
        language=language if language in set(Language) else None,
        standing=standing if standing in set(Standing) else None,
    )


def _filters(consultation_id: int, kept: dict[str, Any]) -> Filters:
    theme, language, standing = (kept.get(name) for name in ("theme", "language", "standing"))
    words = kept.get("q", "")
    return Filters(
        question=kept.get("question"),
        theme_id=theme if isinstance(theme, int) else None,
        themeless=theme == NO_THEME,
        language=Language(language) if language else None,
        standing=Standing(standing) if standing else None,
        found=searching.comments_holding(words, page_language(), consultation_id),
    )
