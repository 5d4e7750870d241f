"""Ground of the pages on which people write: the forms, and words that were kept before they were sent."""

from http import HTTPStatus
from typing import TypeVar

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from consult.domain.comment_drafts import GUEST_DRAFT_HOURS, Spot
from consult.domain.errors import Refused
from consult.queries.comment_drafts import Draft, draft_at
from consult.queries.consultations import ConsultationView
from consult.queries.questions import QuestionCard, QuestionView, question_at, questions_of
from consult.services.comments import Words
from consult.web import refusals
from consult.web.forms import WritingForm
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.session import current_actor, settings

F = TypeVar("F", bound=WritingForm)


class CommentForm(WritingForm):
    body = TextAreaField(_l("Your comment"), render_kw={"rows": 6})


class ReplyForm(WritingForm):
    body = TextAreaField(_l("Your reply"), render_kw={"rows": 4})


def question_cards(consultation: ConsultationView) -> tuple[QuestionCard, ...]:
    """All questions of a consultation as this request's reader sees them."""
    return questions_of(current_actor(), consultation.id, page_language())


def find_question(consultation: ConsultationView, number: int) -> QuestionView:
    """Raises Refused(NOT_FOUND) where the consultation has no question of that number."""
    return question_at(current_actor(), consultation, number, question_cards(consultation))


def fresh_form(kind: type[F], draft: Draft | None) -> F:
    """An empty form, or one that holds the words kept for its spot."""
    form = kind(formdata=None)
    form.body.data = draft.body if draft else ""
    return form


def saving_itself(form: F, url: str) -> F:
    """The form with words that htmx keeps as a draft, two seconds after the last key."""
    form.body.render_kw = {
        **(form.body.render_kw or {}),
        "hx-post": url,
        "hx-trigger": "input changed delay:2s",
        "hx-target": "#draft-state",
        "hx-swap": "outerHTML",
        "hx-include": "closest form",
    }
    return form


def kept_draft(spot: Spot) -> Draft | None:
    """What this person, or this browser before signing in, has written for a spot and not sent."""
    return draft_at(current_actor(), spot, guest_token=guest_token())


def check_correctable(refused: Refused) -> None:
    """Let what no other words would change go to the error page: only that one gives the text back then."""
    if refusals.status(refused) is not HTTPStatus.UNPROCESSABLE_ENTITY:
        raise refused


def written_words(form: WritingForm) -> Words:
    return Words(form.body.data or "", page_language(), question_version=page_key("question_version"))


def guest_token() -> str:
    """By which this browser finds what it kept before signing in; empty without."""
    return request.cookies.get(_cookie(), "")


def remember_token(response: Response, token: str) -> None:
    response.set_cookie(
        _cookie(),
        token,
        max_age=GUEST_DRAFT_HOURS * 3600,
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )


def forget_token(response: Response) -> None:
    if guest_token():
        response.delete_cookie(_cookie(), secure=settings().is_secure, httponly=True, samesite="Lax")


def _cookie() -> str:
    return "__Host-draft" if settings().is_secure else "draft"
