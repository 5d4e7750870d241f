"""The outcome of a consultation: we asked, you said, we did."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.domain.visibility import are_positions_shown
from consult.queries.published_outcomes import published_outcome
from consult.queries.questions import questions_of
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import current_actor


@bp.get("/c/<slug>/outcome")
def outcome(slug: str) -> ResponseReturnValue:
    """Until it is published, what is promised for when."""
    consultation, after = readable(slug), page_key("after")
    is_published = are_positions_shown(consultation.state)
    return render_template(
        "public/outcome.html",
        consultation=consultation,
        outcome=published_outcome(consultation, after=after) if is_published else None,
        questions={
            card.number: card.text for card in questions_of(current_actor(), consultation.id, page_language())
        },
        is_first_page=after is None,
    )
