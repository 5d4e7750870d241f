"""The articles of a list of comments: what is alike for all who are signed in is rendered once for them.

A comment of somebody else looks the same to every reader who may vote, but for the buttons. So its article is
kept until anything public changes, two seconds at most, and only the buttons are filled in. What is the
reader's own is rendered for the reader; so is everything for guests, whose whole pages are kept.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from consult.queries.comments import CommentView
from consult.queries.consultations import ConsultationView
from consult.queries.freshness import freshness
from consult.web import words
from consult.web.ballots import Place, ballot
from consult.web.i18n import page_language
from consult.web.session import current_actor

Filling = Callable[[CommentView], Markup]

_GAP = f"buttons-{secrets.token_hex(16)}"
"""Nobody can write it into a comment."""


def article_writer(
    consultation: ConsultationView, answers: Mapping[int, Any], place: Place, fill: Filling | None = None
) -> Callable[[CommentView], Markup]:
    """What a template calls for what stands in the article of a comment or reply.

    `fill` writes the buttons of a comment; without, they are the reader's own.
    """
    language, fresh = page_language().value, freshness()
    is_guest = current_actor().is_guest

    def own_buttons(comment: CommentView) -> Markup:
        return ballot(language, place, generate_csrf(), comment)

    def article(comment: CommentView) -> Markup:
        def render() -> tuple[Markup, ...]:
            return _pieces(consultation, comment, answers, place, language)

        if is_guest or comment.is_mine:
            pieces = render()
        else:
            pieces = fresh.read(("article", language, consultation.state, comment.id), render)
        if len(pieces) == 1:
            return pieces[0]
        return Markup("").join((pieces[0], (fill or own_buttons)(comment), pieces[1]))

    return article


def _pieces(
    consultation: ConsultationView,
    comment: CommentView,
    answers: Mapping[int, Any],
    place: Place,
    language: str,
) -> tuple[Markup, ...]:
    """What stands before and behind the buttons; all in one where there are none to fill in."""
    rendered = current_app.jinja_env.get_template("parts/comment_article.html").render(
        lang=language,
        consultation=consultation,
        comment=comment,
        answers=answers,
        words=words,
        request=request,
        buttons=Markup(_GAP),  # noqa: S704 - a mark without any HTML
        vote_before=place.before,
    )
    pieces = rendered.split(_GAP)
    return tuple(Markup(piece) for piece in pieces)  # noqa: S704 - a rendered template
