"""Rapid voting: one comment at a time, three buttons, and a way past it that is no vote."""

from random import SystemRandom
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.permissions import may_take_part
from consult.domain.taking_part import why_no_answer
from consult.queries.consultations import ConsultationView
from consult.queries.routing import next_statement
from consult.web.keys import page_keys
from consult.web.public.answering import question_cards
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import current_actor, guarded, is_htmx

SKIPPED_LONGEST = 50
"""Numbers that an address carries; what was skipped before those may come again."""


@bp.get("/c/<slug>/q/<int:number>/statements")
@guarded(may_take_part)
def statements(slug: str, number: int) -> ResponseReturnValue:
    consultation = readable(slug)
    if is_htmx():
        return statement_fragment(consultation, number)
    return render_template("public/statements.html", **_shown(consultation, number))


def statement_fragment(consultation: ConsultationView, number: int) -> str:
    """What takes the place of the statement that was just voted on or skipped."""
    return render_template("parts/statement.html", **_shown(consultation, number))


def _shown(consultation: ConsultationView, number: int) -> dict[str, Any]:
    actor, cards = current_actor(), question_cards(consultation)
    question = next((card for card in cards if card.number == number), None)
    if question is None:
        raise Refused(Reason.NOT_FOUND)
    skipped = page_keys("skipped")[-SKIPPED_LONGEST:]
    why_not = why_no_answer(actor, consultation.state)
    statement = (
        next_statement(actor, consultation, question.id, SystemRandom(), skipped=skipped)
        if why_not is None
        else None
    )
    return {
        "consultation": consultation,
        "question": question,
        "voting": why_not,
        "statement": statement,
        "skipped": skipped,
        "next_number": next((card.number for card in cards if card.number > number), None),
    }
