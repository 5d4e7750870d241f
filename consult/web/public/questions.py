"""The page of a question and the page of a comment: reading, voting, writing."""

from http import HTTPStatus
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from consult.domain.comments import CommentState
from consult.domain.errors import Refused
from consult.domain.permissions import may_take_part
from consult.domain.votes import choice
from consult.queries import comments as comment_reads
from consult.queries import questions
from consult.queries.consultations import ConsultationView
from consult.queries.questions import QuestionView
from consult.services import comments, votes
from consult.services.comments import Submitted, Words
from consult.web import refusals
from consult.web.forms import WritingForm
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import arguments, current_actor, guarded, is_htmx

F = TypeVar("F", bound=WritingForm)


class CommentForm(WritingForm):
    body = TextAreaField(_l("Your comment"), render_kw={"rows": 6})


class ReplyForm(WritingForm):
    body = TextAreaField(_l("Your reply"), render_kw={"rows": 4})


@bp.get("/c/<slug>/q/<int:number>")
def question(slug: str, number: int) -> ResponseReturnValue:
    return _question_page(readable(slug), number, None)


@bp.post("/c/<slug>/q/<int:number>/vote")
@guarded(may_take_part)
def vote_on_question(slug: str, number: int) -> ResponseReturnValue:
    consultation = readable(slug)
    view = _question(consultation, number)
    votes.vote_on_proposition(
        current_actor(),
        consultation.id,
        view.card.id,
        choice(request.form.get("choice", "")),
        page_language(),
        question_version=page_key("question_version"),
    )
    if is_htmx():
        seen = _question(readable(slug), number)
        return render_template("parts/question_vote.html", consultation=consultation, question=seen)
    return redirect(url_for(".question", slug=slug, number=number, _anchor="question-vote"), 303)


@bp.post("/c/<slug>/q/<int:number>/comments")
@guarded(may_take_part)
def write_comment(slug: str, number: int) -> ResponseReturnValue:
    consultation = readable(slug)
    view = _question(consultation, number)
    form = CommentForm()
    try:
        submitted = comments.submit_comment(
            current_actor(),
            consultation.id,
            view.card.id,
            _words(form),
            idempotency_key=form.idempotency_key.data,
        )
    except Refused as refused:
        _check_correctable(refused)
        form.refuse(refused, "body")
        return _question_page(consultation, number, form), refusals.status(refused)
    _acknowledge(submitted)
    return redirect(
        url_for(".question", slug=slug, number=number, _anchor=f"comment-{submitted.comment_id}"), 303
    )


@bp.get("/c/<slug>/comments/<int:comment_id>")
def comment(slug: str, comment_id: int) -> ResponseReturnValue:
    return _comment_page(readable(slug), comment_id, None)


@bp.post("/c/<slug>/comments/<int:comment_id>/vote")
@guarded(may_take_part)
def vote_on_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation = readable(slug)
    actor = current_actor()
    votes.cast_vote(actor, consultation.id, comment_id, choice(request.form.get("choice", "")))
    if is_htmx():
        seen = comment_reads.one_comment(actor, consultation, comment_id)
        return render_template("parts/comment_vote.html", consultation=consultation, comment=seen)
    return redirect(_back_to_comment(consultation, comment_id), 303)


@bp.post("/c/<slug>/comments/<int:comment_id>/replies")
@guarded(may_take_part)
def write_reply(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation = readable(slug)
    form = ReplyForm()
    try:
        submitted = comments.submit_reply(
            current_actor(),
            consultation.id,
            comment_id,
            _words(form),
            idempotency_key=form.idempotency_key.data,
        )
    except Refused as refused:
        _check_correctable(refused)
        form.refuse(refused, "body")
        return _comment_page(consultation, comment_id, form), refusals.status(refused)
    _acknowledge(submitted)
    anchor = f"comment-{submitted.comment_id}"
    return redirect(url_for(".comment", slug=slug, comment_id=comment_id, _anchor=anchor), 303)


def _question(consultation: ConsultationView, number: int) -> QuestionView:
    actor = current_actor()
    cards = questions.questions_of(actor, consultation.id, page_language())
    return questions.question_at(actor, consultation, number, cards)


def _question_page(consultation: ConsultationView, number: int, form: CommentForm | None) -> str:
    actor = current_actor()
    cards = questions.questions_of(actor, consultation.id, page_language())
    view = questions.question_at(actor, consultation, number, cards)
    before = page_key("before")
    return render_template(
        "public/question.html",
        consultation=consultation,
        question=view,
        page=comment_reads.comments_of(actor, consultation, view.card.id, before=before),
        before=before,
        counts=comment_reads.comment_counts(consultation.id, view.card.id),
        done=sum(card.has_taken_part for card in cards),
        next_number=next((card.number for card in cards if card.number > number), None),
        previous_number=next((card.number for card in reversed(cards) if card.number < number), None),
        form=_writing(consultation, form, CommentForm),
    )


def _comment_page(consultation: ConsultationView, comment_id: int, form: ReplyForm | None) -> str:
    actor = current_actor()
    after = page_key("after")
    thread, next_key = comment_reads.comment_at(actor, consultation, comment_id, after=after)
    cards = questions.questions_of(actor, consultation.id, page_language())
    return render_template(
        "public/comment.html",
        consultation=consultation,
        question=next(card for card in cards if card.id == thread.question_id),
        comment=thread,
        next_key=next_key,
        is_first_page=after is None,
        form=_writing(consultation, form, ReplyForm),
    )


def _writing(consultation: ConsultationView, form: F | None, kind: type[F]) -> F | None:
    """The form that was refused, else a fresh one for those who can write now; guests carry no token."""
    if form is not None or not may_take_part(current_actor()) or not consultation.is_open:
        return form
    return kind(formdata=None)


def _check_correctable(refused: Refused) -> None:
    """Let what no other words would change go to the error page: only that one gives the text back then."""
    if refusals.status(refused) is not HTTPStatus.UNPROCESSABLE_ENTITY:
        raise refused


def _words(form: WritingForm) -> Words:
    return Words(form.body.data or "", page_language(), question_version=page_key("question_version"))


def _acknowledge(submitted: Submitted) -> None:
    if submitted.state is CommentState.PENDING:
        said = _(
            "Received as number %(number)s. A moderator reads it before others see it.",
            number=submitted.comment_id,
        )
    else:
        said = _("Published as number %(number)s.", number=submitted.comment_id)
    flash(said, "success")


def _back_to_comment(consultation: ConsultationView, comment_id: int) -> str:
    """Where the vote was cast: the question's list or the comment's own page, at the comment."""
    anchor = f"comment-{comment_id}"
    if request.form.get("from") == "comment":
        return url_for(".comment", slug=consultation.slug, comment_id=comment_id, _anchor=anchor)
    seen = comment_reads.one_comment(current_actor(), consultation, comment_id)
    cards = questions.questions_of(current_actor(), consultation.id, page_language())
    number = next(card.number for card in cards if card.id == seen.question_id)
    before = arguments(before=page_key("before"))
    return url_for(".question", slug=consultation.slug, number=number, _anchor=anchor, **before)
