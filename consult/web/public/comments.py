"""The page of a comment with its replies, and the vote on a comment wherever it stands."""

from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.comment_drafts import Spot
from consult.domain.comment_orders import CommentOrder
from consult.domain.permissions import may_take_part
from consult.domain.votes import choice
from consult.queries import comments as comment_reads
from consult.queries.comment_standing import question_number_of
from consult.queries.consultations import ConsultationView
from consult.queries.positions import shown_positions
from consult.queries.wordings import earlier_wordings
from consult.services import votes
from consult.web.keys import comment_key, page_key, page_keys
from consult.web.public import answering
from consult.web.public.answering import ReplyForm, question_cards
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.public.questions import wanted_order
from consult.web.public.statements import statement_fragment
from consult.web.session import arguments, current_actor, guarded, is_htmx


@bp.get("/c/<slug>/comments/<int:comment_id>")
def comment(slug: str, comment_id: int) -> ResponseReturnValue:
    return comment_page(readable(slug), comment_id)


@bp.post("/c/<slug>/comments/<int:comment_id>/vote")
@guarded(may_take_part)
def vote_on_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation = readable(slug)
    actor = current_actor()
    votes.cast_vote(
        actor,
        consultation.id,
        comment_id,
        choice(request.form.get("choice", "")),
        wording=page_key("wording"),
    )
    if not is_htmx():
        return redirect(_back_to_comment(consultation, comment_id), 303)
    if request.form.get("from") == "statements":
        return statement_fragment(consultation, question_number_of(consultation.id, comment_id))
    seen = comment_reads.one_comment(actor, consultation, comment_id)
    return render_template("parts/comment_vote.html", consultation=consultation, comment=seen)


def comment_page(
    consultation: ConsultationView, comment_id: int, form: ReplyForm | None = None
) -> tuple[str, int]:
    """The whole page and its status, 410 where the words are gone; `form` is one that was refused."""
    actor, after = current_actor(), page_key("after")
    thread, next_key = comment_reads.comment_at(actor, consultation, comment_id, after=after)
    spot = Spot(consultation.id, thread.question_id, thread.id)
    draft = answering.kept_draft(spot) if thread.why_no_answer is None and not form else None
    if thread.why_no_answer is None:
        url = url_for(".save_reply_draft", slug=consultation.slug, comment_id=thread.id)
        form = answering.saving_itself(form or answering.fresh_form(ReplyForm, draft), url)
    page = render_template(
        "public/comment.html",
        consultation=consultation,
        question=next(card for card in question_cards(consultation) if card.id == thread.question_id),
        comment=thread,
        answers=shown_positions(
            consultation.state, consultation.id, [thread.id, *(reply.id for reply in thread.replies)]
        ),
        wordings=earlier_wordings(consultation.id, (thread, *thread.replies)),
        next_key=next_key,
        is_first_page=after is None,
        form=form,
        draft=draft,
    )
    return page, HTTPStatus.GONE if thread.is_gone else HTTPStatus.OK


def _back_to_comment(consultation: ConsultationView, comment_id: int) -> str:
    """Where the vote was cast: the statements, the comment's own page, or the list, at the comment."""
    if request.form.get("from") != "statements":
        return place_of_comment(consultation.id, consultation.slug, comment_id)
    number = question_number_of(consultation.id, comment_id)
    skipped = page_keys("skipped")
    return url_for(".statements", slug=consultation.slug, number=number, skipped=skipped, _anchor="statement")


def place_of_comment(consultation_id: int, slug: str, comment_id: int) -> str:
    """The comment on the page from which a form came: its own page, or the list in its order."""
    anchor = f"comment-{comment_id}"
    if request.form.get("from") == "comment":
        return url_for("public.comment", slug=slug, comment_id=comment_id, _anchor=anchor)
    number = question_number_of(consultation_id, comment_id)
    place: dict[str, Any] = arguments(before=comment_key("before"))
    if wanted_order() is not CommentOrder.NEWEST:
        place["sort"] = wanted_order().value
    return url_for("public.question", slug=slug, number=number, _anchor=anchor, **place)
