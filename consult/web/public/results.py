"""The pages of results: figures, common ground, and the map of opinions."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.map_picture import map_picture
from consult.domain.opinion import FEWEST_ON_MAP
from consult.domain.visibility import are_breakdowns_shown
from consult.domain.votes import Target
from consult.queries import opinion_results, results
from consult.queries.consultations import ConsultationView
from consult.queries.opinion_results import OpinionResult
from consult.queries.results import Results, Viewing
from consult.queries.weighting import WeightedShare, weighted_shares, weighting_of
from consult.services import result_files
from consult.web import result_words
from consult.web.charts import Drawing, drawing_of
from consult.web.i18n import page_language
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import current_actor, settings


def viewing() -> Viewing:
    """How whoever makes this request looks at results on public pages."""
    return Viewing(current_actor(), settings().smallest_group)


@bp.get("/c/<slug>/results", endpoint="results")
def show_results(slug: str) -> ResponseReturnValue:
    consultation = begun(slug)
    found = results.results_of(viewing(), consultation, page_language())
    weighting, weighted = None, weighted_for(consultation, found)
    if weighted:
        weighting = weighting_of(consultation.id)
    return render_template(
        "public/results.html",
        consultation=consultation,
        weighting=weighting,
        weighted=weighted,
        result_words=result_words,
        results=found,
        opinion=shown_opinion(consultation, found),
        has_breakdowns=are_breakdowns_shown(consultation.state),
        fewest=FEWEST_ON_MAP,
        smallest_group=settings().smallest_group,
        files=result_files.NAMES,
    )


@bp.get("/c/<slug>/results/map")
def opinion_map(slug: str) -> ResponseReturnValue:
    consultation = begun(slug)
    found = results.results_of(viewing(), consultation, page_language())
    opinion = shown_opinion(consultation, found)
    cells = drawing = None
    if opinion is not None and opinion.has_map:
        cells = opinion_results.map_cells(viewing(), consultation.id, opinion.run)
        drawing = drawn(cells)
    return render_template(
        "public/results_map.html",
        consultation=consultation,
        weighted=weighted_for(consultation, found),
        result_words=result_words,
        results=found,
        opinion=opinion,
        cells=cells,
        drawing=drawing,
        fewest=FEWEST_ON_MAP,
        smallest_group=settings().smallest_group,
    )


@bp.get("/c/<slug>/results/<name>.csv")
def results_file(slug: str, name: str) -> ResponseReturnValue:
    """One table of the results as a file; what the page hides is not in it."""
    consultation = begun(slug)
    found = results.results_of(viewing(), consultation, page_language())
    return csv_answer(name, consultation, found, shown_opinion(consultation, found))


def begun(slug: str) -> ConsultationView:
    """The consultation at an address, where it has opened and this reader may read it.

    Raises:
        Refused: NOT_FOUND.
    """
    consultation = readable(slug)
    if consultation.state.value in {"draft", "scheduled"}:
        raise Refused(Reason.NOT_FOUND)
    return consultation


def shown_opinion(consultation: ConsultationView, found: Results) -> OpinionResult | None:
    """The opinion groups where the reader may see results at all; None also before the first computation."""
    return None if found.held else opinion_results.opinion_result(viewing(), consultation)


def weighted_for(
    consultation: ConsultationView, found: Results
) -> Mapping[tuple[Target, int], WeightedShare]:
    """Weighted shares that are published, once the raw figures are shown to everybody."""
    if found.held or not are_breakdowns_shown(consultation.state):
        return {}
    return weighted_shares(consultation.id, settings().smallest_group, is_early=False)


def drawn(cells: opinion_results.MapCells) -> Drawing:
    """The map's drawing, with the reader's own place where there is one."""
    return drawing_of(map_picture(cells.cells, cells.size, cells.you, cells.centres))


def csv_answer(
    name: str, consultation: ConsultationView, found: Results, opinion: OpinionResult | None
) -> Response:
    """A table of the results as a download.

    Raises:
        Refused: NOT_FOUND for a name that is none.
    """
    content = result_files.table(name, found, opinion)
    response = Response(content, content_type="text/csv; charset=utf-8")
    stamp: datetime = found.read_at
    filename = f"{consultation.slug}-{name}-{stamp:%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
