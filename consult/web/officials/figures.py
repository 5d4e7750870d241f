"""How busy a consultation is: comments and votes over time and by question."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from consult.domain.permissions import may_read_drafts
from consult.queries.activity import ConsultationActivity, activity_of
from consult.services import activity_files
from consult.web import bars, result_words
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded, settings


@bp.get("/o/consultations/<slug>/figures", endpoint="figures")
@guarded(may_read_drafts)
def show_figures(slug: str) -> ResponseReturnValue:
    found = _activity(slug)
    return render_template(
        "officials/figures.html",
        consultation=found.consultation,
        activity=found.by_time,
        questions=found.by_question,
        results=found.by_category,
        result_words=result_words,
        comment_bars=bars.bars([period.comments for period in found.by_time.periods]),
        vote_bars=bars.bars([period.votes for period in found.by_time.periods]),
        size=(bars.WIDTH, bars.HEIGHT),
    )


@bp.get("/o/consultations/<slug>/figures/<name>.csv")
@guarded(may_read_drafts)
def figures_file(slug: str, name: str) -> ResponseReturnValue:
    """One table of the page as a download."""
    found = _activity(slug)
    response = Response(activity_files.table(name, found), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.consultation.slug}-{name}.csv"'
    return response


def _activity(slug: str) -> ConsultationActivity:
    return activity_of(current_actor(), slug, page_language(), smallest_group=settings().smallest_group)
