"""The articles of a list of comments, each rendered once for as long as nothing that it shows is different.

An article is a function of what it shows: the comment as its reader sees it, the title of the rule that it
was withheld by, its official answers, its age in words, the language and the state of the consultation. All
of that is the key it is kept under, so that no kept article can be out of date or somebody else's. What each
reader gets of their own, the buttons and for guests the way back from signing in, is filled in afterwards.
"""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from time import monotonic
from typing import cast

from flask import Flask, current_app, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from consult.queries.comments import CommentView
from consult.queries.consultations import ConsultationView
from consult.queries.positions import Given
from consult.web import words
from consult.web.ballots import Place, ballot
from consult.web.formats import age
from consult.web.i18n import page_language

Filling = Callable[[CommentView], Markup]
Pieces = tuple[Markup, ...]

LARGEST_TOGETHER = 10_000_000
"""Characters of all articles that a process keeps; the one that was made first goes first."""
KEPT_SECONDS = 600.0
"""Nobody is shown an old one; but erased words are not to stay in memory."""
_MARK = secrets.token_hex(16)
"""Nobody can write it into a comment."""
_BUTTONS, _HERE = f"{_MARK}-buttons-", f"{_MARK}-here-"


class Articles:
    """The articles that a process keeps, in pieces around the gaps of their readers."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[float, Pieces]] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def read(self, key: Hashable, render: Callable[[], Pieces]) -> Pieces:
        """The article under a key, which `render` makes where it is not kept."""
        kept = self._kept.get(key)
        if kept is not None:
            return kept[1]
        pieces, now = render(), monotonic()
        with self._lock:
            self._drop(key)
            self._kept[key] = (now + KEPT_SECONDS, pieces)
            self._characters += sum(map(len, pieces))
            while self._characters > LARGEST_TOGETHER or next(iter(self._kept.values()))[0] < now:
                self._drop(next(iter(self._kept)))
        return pieces

    def _drop(self, key: Hashable) -> None:
        _, pieces = self._kept.pop(key, (0.0, ()))
        self._characters -= sum(map(len, pieces))


def init_app(app: Flask) -> None:
    app.extensions["consult_articles"] = Articles()


def article_writer(
    consultation: ConsultationView,
    answers: Mapping[int, Sequence[Given]],
    place: Place,
    fill: Filling | None = None,
) -> Callable[[CommentView], Markup]:
    """What a template calls for what stands in the article of a comment or reply.

    `fill` writes the buttons of a comment; without, they are the reader's own.
    """
    language = page_language().value
    articles = cast("Articles", current_app.extensions["consult_articles"])
    here = escape(request.full_path if request.query_string else request.path)

    def own_buttons(comment: CommentView) -> Markup:
        return ballot(language, place, generate_csrf(), comment)

    def article(comment: CommentView) -> Markup:
        has_gap = comment.takes_votes and comment.why_no_answer is None
        # Own votes stand in the gap alone, replies in articles of their own.
        shown = (
            replace(comment, choice=None, tally=None, replies=()) if has_gap else replace(comment, replies=())
        )
        given = answers.get(comment.id, ())
        read = tuple((each.position.id, each.position.version, each.through, each.theme_id) for each in given)
        rule = str(words.RULE_TITLES[shown.rule]) if shown.rule else ""  # administrators reword it
        key = (language, consultation.slug, consultation.state, shown, rule, read, age(comment.submitted_at))
        pieces = articles.read(key, lambda: _pieces(consultation, shown, answers, language))
        if len(pieces) == 1:
            return pieces[0]
        return Markup("").join((pieces[0], (fill or own_buttons)(comment) if has_gap else here, pieces[1]))

    return article


def _pieces(
    consultation: ConsultationView,
    comment: CommentView,
    answers: Mapping[int, Sequence[Given]],
    language: str,
) -> Pieces:
    """What stands before and behind the gap; all in one where there is nothing to fill in."""
    rendered = current_app.jinja_env.get_template("parts/comment_article.html").render(
        lang=language,
        consultation=consultation,
        comment=comment,
        answers=answers,
        words=words,
        buttons=Markup(_BUTTONS),  # noqa: S704 - a mark without any HTML
        vote_back=Markup(_HERE),  # noqa: S704 - a mark without any HTML
    )
    gap = _BUTTONS if _BUTTONS in rendered else _HERE
    return tuple(Markup(piece) for piece in rendered.split(gap))  # noqa: S704 - a rendered template
