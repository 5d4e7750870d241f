"""Sending comments and replies; keeping words that are not sent yet, also of guests who sign in after."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.comment_drafts import Spot
from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.permissions import may_take_part
from consult.domain.taking_part import why_no_answer
from consult.queries.comments import CommentView, one_comment
from consult.queries.consultations import ConsultationView
from consult.queries.questions import QuestionView
from consult.services import comment_drafts, comments
from consult.services.comments import Submitted
from consult.web import refusals
from consult.web.forms import WritingForm
from consult.web.i18n import gettext as _
from consult.web.public import answering
from consult.web.public.answering import CommentForm, ReplyForm
from consult.web.public.blueprint import bp
from consult.web.public.comments import comment_page
from consult.web.public.consultations import readable
from consult.web.public.questions import question_page
from consult.web.session import current_actor, guarded, is_htmx


@dataclass(frozen=True)
class Desk:
    """Where somebody writes: the spot, what is answered there, and the addresses that belong to it."""

    consultation: ConsultationView
    question: QuestionView
    answered: CommentView | None = None

    @property
    def spot(self) -> Spot:
        answered = self.answered.id if self.answered else None
        return Spot(self.consultation.id, self.question.card.id, answered)

    @property
    def thread(self) -> str:
        """The page on which the words will stand."""
        if self.answered:
            top = self.answered.parent_id or self.answered.id
            return url_for(".comment", slug=self.consultation.slug, comment_id=top)
        return url_for(".question", slug=self.consultation.slug, number=self.question.card.number)

    @property
    def place(self) -> str:
        """Where the form stands: among what it answers, for an answer to a reply on a page of its own."""
        if self.answered is None:
            return f"{self.thread}#write"
        if self.answered.parent_id is None:
            return f"{self.thread}#reply"
        return url_for(".reply_writing", slug=self.consultation.slug, comment_id=self.answered.id)


@bp.get("/c/<slug>/q/<int:number>/write")
def writing(slug: str, number: int) -> ResponseReturnValue:
    return _writing_page(_comment_desk(slug, number), CommentForm)


@bp.get("/c/<slug>/comments/<int:comment_id>/write")
def reply_writing(slug: str, comment_id: int) -> ResponseReturnValue:
    return _writing_page(_reply_desk(slug, comment_id), ReplyForm)


@bp.post("/c/<slug>/q/<int:number>/comments")
def write_comment(slug: str, number: int) -> ResponseReturnValue:
    desk, form = _comment_desk(slug, number), CommentForm()
    if current_actor().is_guest:
        return _keep_and_sign_in(desk, form)

    def send() -> Submitted:
        return comments.submit_comment(
            current_actor(),
            desk.consultation.id,
            desk.question.card.id,
            answering.written_words(form),
            idempotency_key=form.idempotency_key.data,
        )

    return _send(desk, form, send, lambda: question_page(desk.consultation, number, form))


@bp.post("/c/<slug>/comments/<int:comment_id>/replies")
def write_reply(slug: str, comment_id: int) -> ResponseReturnValue:
    desk, form = _reply_desk(slug, comment_id), ReplyForm()
    if current_actor().is_guest:
        return _keep_and_sign_in(desk, form)

    def send() -> Submitted:
        return comments.submit_reply(
            current_actor(),
            desk.consultation.id,
            comment_id,
            answering.written_words(form),
            idempotency_key=form.idempotency_key.data,
        )

    return _send(desk, form, send, lambda: comment_page(desk.consultation, comment_id, form)[0])


@bp.post("/c/<slug>/q/<int:number>/draft")
@guarded(may_take_part)
def save_comment_draft(slug: str, number: int) -> ResponseReturnValue:
    return _save(_comment_desk(slug, number))


@bp.post("/c/<slug>/comments/<int:comment_id>/draft")
@guarded(may_take_part)
def save_reply_draft(slug: str, comment_id: int) -> ResponseReturnValue:
    return _save(_reply_desk(slug, comment_id))


def _comment_desk(slug: str, number: int) -> Desk:
    consultation = readable(slug)
    return Desk(consultation, answering.find_question(consultation, number))


def _reply_desk(slug: str, comment_id: int) -> Desk:
    consultation = readable(slug)
    answered = one_comment(current_actor(), consultation, comment_id)
    cards = answering.question_cards(consultation)
    number = next(card.number for card in cards if card.id == answered.question_id)
    return Desk(consultation, answering.find_question(consultation, number), answered)


def _writing_page(desk: Desk, kind: type[CommentForm | ReplyForm], form: WritingForm | None = None) -> str:
    """A page for the words alone; it carries a token for guests too, so that the others can be cached."""
    target = desk.answered.state if desk.answered else None
    why_not = why_no_answer(current_actor(), desk.consultation.state, target)
    draft = None
    if form is None and why_not in {None, Reason.SIGN_IN_NEEDED}:
        draft = answering.kept_draft(desk.spot)
        form = answering.fresh_form(kind, draft)
    return render_template(
        "public/write.html",
        consultation=desk.consultation,
        question=desk.question,
        answered=desk.answered,
        place=desk.place,
        writing=why_not,
        form=form,
        draft=draft,
    )


def _keep_and_sign_in(desk: Desk, form: CommentForm | ReplyForm) -> ResponseReturnValue:
    """Keep what a guest wrote, or somebody whose session has ended, and come back to it after the sign-in."""
    try:
        token = comment_drafts.save_guest_draft(
            desk.spot, form.body.data or "", token=answering.guest_token()
        )
    except Refused as refused:
        answering.check_correctable(refused)
        form.refuse(refused, "body")
        return _writing_page(desk, type(form), form), refusals.status(refused)
    flash(_("Your text is kept for a day. Sign in, and it waits for you where you wrote it."), "success")
    response = redirect(url_for("citizens.sign_in", next=desk.place), 303)
    answering.remember_token(response, token)
    return response


def _send(
    desk: Desk, form: CommentForm | ReplyForm, send: Callable[[], Submitted], page: Callable[[], str | bytes]
) -> ResponseReturnValue:
    try:
        submitted = send()
    except Refused as refused:
        answering.check_correctable(refused)
        form.refuse(refused, "body")
        return page(), refusals.status(refused)
    comment_drafts.discard_draft(current_actor(), desk.spot, guest_token=answering.guest_token())
    _acknowledge(submitted)
    response = redirect(f"{desk.thread}#comment-{submitted.comment_id}", 303)
    answering.forget_token(response)
    return response


def _save(desk: Desk) -> ResponseReturnValue:
    body = request.form.get("body", "").replace("\0", "")
    comment_drafts.save_draft(current_actor(), desk.spot, body, guest_token=answering.guest_token())
    draft = answering.kept_draft(desk.spot)
    if is_htmx():
        return render_template("parts/draft_state.html", draft=draft)
    flash(_("Draft saved.") if draft else _("Draft removed."), "success")
    return redirect(desk.place, 303)


def _acknowledge(submitted: Submitted) -> None:
    if submitted.state is CommentState.PENDING:
        said = _(
            "Received as number %(number)s. A moderator reads it before others see it.",
            number=submitted.comment_id,
        )
    else:
        said = _("Published as number %(number)s.", number=submitted.comment_id)
    flash(said, "success")
