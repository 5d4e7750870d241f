"""Results for officials: at any time, with the state of the computing, weighting, and the map as a file."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, StringField

from consult.domain.errors import Reason, Refused
from consult.domain.map_picture import MapPicture, map_picture
from consult.domain.margins import SOURCE_LONGEST
from consult.domain.opinion import FEWEST_ON_MAP, has_enough_new_votes
from consult.domain.permissions import may_answer
from consult.queries import opinion_results, results
from consult.queries.consultations import ConsultationView
from consult.queries.opinion_jobs import job_of, last_refusal, votes_on_comments
from consult.queries.opinion_results import OpinionResult
from consult.queries.results import Viewing
from consult.queries.weighting import missing_voices, weighted_shares, weighting_of
from consult.services import result_files
from consult.services.opinion import ask_for_opinion
from consult.services.weighting import set_margins, show_weighted
from consult.web import formats, refusals, result_words
from consult.web.charts import caption_of, drawing_of
from consult.web.forms import REQUIRED, Form
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext, page_language
from consult.web.officials.analysis import under_analysis
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded, settings

TITLE_LONGEST = 90
"""Characters of a title that fit under the picture."""
FIELDS = {Reason.MARGINS_SOURCE_MISSING: "source"}


class MarginsForm(Form):
    file = FileField(
        _l("Figures of the population"),
        [FileRequired(_l("This field is required."))],
        description=_l(
            "CSV with the columns variable (region, age_band, gender), category, and share or count."
        ),
        render_kw={"accept": ".csv,text/csv"},
    )
    source = StringField(
        _l("Source"),
        [REQUIRED],
        description=_l("Who counted and where it is published."),
        render_kw={"maxlength": SOURCE_LONGEST},
    )
    counted_on = DateField(_l("Day that the figures tell of"), [REQUIRED])


def viewing() -> Viewing:
    """How an official looks at results: before citizens do, and with the same small groups left out."""
    return Viewing(current_actor(), settings().smallest_group, is_early=True)


@bp.get("/o/consultations/<slug>/results", endpoint="results")
@guarded(may_answer)
def show_results(slug: str) -> ResponseReturnValue:
    return _page(under_analysis(slug), MarginsForm(formdata=None))


@bp.post("/o/consultations/<slug>/results/compute")
@guarded(may_answer)
def compute_opinion(slug: str) -> ResponseReturnValue:
    ask_for_opinion(current_actor(), slug)
    flash(_("The groups will be computed soon. Load this page again in a minute."), "success")
    return redirect(url_for(".results", slug=slug, _anchor="computing"), 303)


@bp.post("/o/consultations/<slug>/results/margins")
@guarded(may_answer)
def upload_margins(slug: str) -> ResponseReturnValue:
    consultation = under_analysis(slug)
    form = MarginsForm()
    if not form.validate():
        return _page(consultation, form), 422
    try:
        set_margins(
            current_actor(), slug, form.file.data.read(), form.source.data or "", form.counted_on.data
        )
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason, "file"))
        return _page(consultation, form), refusals.status(refused)
    flash(_("The figures are kept, and the votes are weighted to them."), "success")
    return redirect(url_for(".results", slug=slug, _anchor="weighting"), 303)


@bp.post("/o/consultations/<slug>/results/weighted/<any(show,hide):wish>")
@guarded(may_answer)
def publish_weighted(slug: str, wish: str) -> ResponseReturnValue:
    show_weighted(current_actor(), slug, is_published=wish == "show")
    flash(
        _("The weighted figures are published.")
        if wish == "show"
        else _("The weighted figures are taken back."),
        "success",
    )
    return redirect(url_for(".results", slug=slug, _anchor="weighting"), 303)


@bp.get("/o/consultations/<slug>/results/map.<any(svg,png):kind>")
@guarded(may_answer)
def map_file(slug: str, kind: str) -> ResponseReturnValue:
    """The picture as a download, without anybody's own place, with what must be known wherever it is shown.

    Raises:
        Refused: NOT_FOUND before there is a map.
    """
    consultation = under_analysis(slug)
    opinion = opinion_results.opinion_result(viewing(), consultation)
    if opinion is None or not opinion.has_map:
        raise Refused(Reason.NOT_FOUND)
    picture, caption = _picture(consultation, opinion), _caption(consultation, opinion)
    if kind == "png":
        marked = picture if opinion.has_groups else MapPicture(picture.hexagons, ())
        response = Response(result_files.picture(marked, caption), content_type="image/png")
    else:
        drawn = render_template(
            "public/opinion_map.svg",
            drawing=drawing_of(picture),
            opinion=opinion,
            caption=caption_of(caption),
            is_file=True,
        )
        response = Response(drawn, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{consultation.slug}-map.{kind}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _caption(consultation: ConsultationView, opinion: OpinionResult) -> tuple[str, ...]:
    """Lines under the picture: of what it is, when and from how many votes, by how many, and for whom."""
    title, run = consultation.title.text, opinion.run
    return (
        title if len(title) <= TITLE_LONGEST else f"{title[: TITLE_LONGEST - 1].rstrip()}…",
        _(
            "Computed on %(instant)s from %(votes)s votes.",
            instant=formats.instant(run.computed_at),
            votes=format_decimal(run.votes),
        ),
        ngettext("%(num)s person voted on comments.", "%(num)s people voted on comments.", run.participants),
        _("These are the answers of those who took part. They do not represent all residents."),
    )


def _picture(consultation: ConsultationView, opinion: OpinionResult) -> MapPicture:
    cells = opinion_results.map_cells(viewing(), consultation.id, opinion.run)
    return map_picture(cells.cells, cells.size, centres=cells.centres)


def _page(consultation: ConsultationView, form: MarginsForm) -> str:
    look, here = viewing(), consultation.id
    opinion = opinion_results.opinion_result(look, consultation)
    has_map = opinion is not None and opinion.has_map
    job, votes = job_of(here), votes_on_comments(here)
    refused = last_refusal(here)
    return render_template(
        "officials/results.html",
        consultation=consultation,
        result_words=result_words,
        results=results.results_of(look, consultation, page_language()),
        opinion=opinion,
        cells=opinion_results.map_cells(look, here, opinion.run) if opinion is not None and has_map else None,
        drawing=drawing_of(_picture(consultation, opinion)) if opinion is not None and has_map else None,
        themes=opinion_results.groups_by_theme(look, here, page_language()),
        fewest=FEWEST_ON_MAP,
        smallest_group=look.smallest_group,
        job=job,
        new_votes=max(0, votes - opinion.run.votes) if opinion is not None else votes,
        is_stale=opinion is not None and has_enough_new_votes(job, votes),
        problem=_said(refused),
        form=form,
        weighting=(weighting := weighting_of(here)),
        unweighted=refusals.sentence(weighting.refused) if weighting and weighting.refused else "",
        weighted=weighted_shares(here, look.smallest_group, is_early=True),
        missing=missing_voices(here, look.smallest_group),
    )


def _said(refusal: str | None) -> str:
    """Why the last computation gave nothing, in words; empty where it gave groups."""
    if refusal is None:
        return ""
    if refusal == Reason.OPINION_TOO_FEW:
        return _("Too few people have voted on several comments, and differently, for opinion groups.")
    return _("The last computation failed. It is tried again after new votes, or when you ask for it.")
