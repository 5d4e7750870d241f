"""The page of a question: reading, voting, and the comments in an order of the reader's."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from consult.domain.comment_drafts import Spot
from consult.domain.comment_orders import CommentOrder
from consult.domain.permissions import may_take_part
from consult.domain.questions import QuestionKind
from consult.domain.taking_part import why_no_answer
from consult.domain.visibility import orders_offered
from consult.domain.votes import choice
from consult.queries import comments as comment_reads
from consult.queries.comment_counts import comment_counts
from consult.queries.comment_drafts import Draft
from consult.queries.comments import CommentView
from consult.queries.consultations import ConsultationView
from consult.queries.positions import shown_positions
from consult.queries.questions import question_at
from consult.services import votes
from consult.web import quick_pages
from consult.web.ballots import Place
from consult.web.i18n import page_language
from consult.web.keys import comment_key, page_key
from consult.web.public import answering
from consult.web.public.answering import CommentForm, question_cards
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.public.listing import Filling, article_writer
from consult.web.session import current_actor, guarded, is_htmx
from consult.web.shells import GAP_OF_ANSWER, PageAt, gap_of, has_shell, shell_of


@bp.get("/c/<slug>/q/<int:number>")
def question(slug: str, number: int) -> ResponseReturnValue:
    return question_page(readable(slug), number)


@bp.post("/c/<slug>/q/<int:number>/vote")
@guarded(may_take_part)
def vote_on_question(slug: str, number: int) -> ResponseReturnValue:
    consultation = readable(slug)
    view = answering.find_question(consultation, number)
    votes.vote_on_proposition(
        current_actor(),
        consultation.id,
        view.card.id,
        choice(request.form.get("choice", "")),
        page_language(),
        question_version=page_key("question_version"),
    )
    if is_htmx():
        return render_template(
            "parts/question_vote.html",
            consultation=consultation,
            question=answering.find_question(readable(slug), number),
            voting=why_no_answer(current_actor(), consultation.state),
        )
    return redirect(url_for(".question", slug=slug, number=number, _anchor="question-vote"), 303)


def question_page(
    consultation: ConsultationView, number: int, form: CommentForm | None = None
) -> str | bytes:
    """The whole page; `form` is one that was refused, None for a fresh one."""
    actor, cards = current_actor(), question_cards(consultation)
    view = question_at(actor, consultation, number, cards)
    before = comment_key("before")
    why_not = why_no_answer(actor, consultation.state)
    draft = (
        answering.kept_draft(Spot(consultation.id, view.card.id)) if why_not is None and not form else None
    )
    page = comment_reads.comments_of(actor, consultation, view.card.id, before=before, order=wanted_order())
    place = Place(consultation.slug, before, page.order)

    done = sum(card.has_taken_part for card in cards)

    def shown(fill: Filling | None = None) -> dict[str, Any]:
        positions = shown_positions(consultation.state, consultation.id, page.shown_ids)
        return {
            "consultation": consultation,
            "question": view,
            "voting": why_not,
            "page": page,
            "article": article_writer(consultation, positions, place, fill),
            "orders": orders_offered(consultation.results_policy, consultation.state),
            "before": before,
            "counts": comment_counts(consultation.id, view.card.id),
            "done": done,
            "answer": GAP_OF_ANSWER if fill else None,
            "next_number": next((card.number for card in cards if card.number > number), None),
            "previous_number": next((card.number for card in reversed(cards) if card.number < number), None),
            "form": _form_for(consultation, number, form, draft) if why_not is None else form,
            "draft": draft,
        }

    if form or draft or why_not is not None or not page.is_of_everybody or not has_shell(actor):
        return render_template("public/question.html", **shown())
    at = PageAt.of_request("public/question.html")
    shell = shell_of(at, consultation.state, done, lambda: shown(_gap), place, page.wordings)
    if view.card.kind is QuestionKind.PROPOSITION:
        answer = render_template(
            "parts/question_vote.html", consultation=consultation, question=view, voting=why_not
        )
        return shell.filled(generate_csrf(), page.votes, answer)
    if not answering.guest_token():
        quick_pages.offer(at, consultation, view.card.id, page)
    return shell.filled(generate_csrf(), page.votes)


def _gap(comment: CommentView) -> Markup:
    return gap_of(comment.id)


def _form_for(
    consultation: ConsultationView, number: int, form: CommentForm | None, draft: Draft | None
) -> CommentForm:
    """The form under the comments: the one that was refused, or a fresh one with the words that were kept."""
    url = url_for(".save_comment_draft", slug=consultation.slug, number=number)
    return answering.saving_itself(form or answering.fresh_form(CommentForm, draft), url)


def wanted_order() -> CommentOrder:
    """The order that the address or the form asks for; the newest first where it asks for none of ours."""
    wanted = request.values.get("sort", "")
    return CommentOrder(wanted) if wanted in set(CommentOrder) else CommentOrder.NEWEST
