"""The report on a consultation: a page, and the files of it."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from consult.domain.outcome_report import ReportFormat, ReportWords, report_format
from consult.domain.visibility import are_positions_shown
from consult.queries.outcome_report import is_draft_for, report_page, told_to
from consult.services.outcome_reports import write_report
from consult.web import words
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.keys import comment_key
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import current_actor


@bp.get("/c/<slug>/report", endpoint="report")
def show_report(slug: str) -> ResponseReturnValue:
    """Until the answer is published, what is promised for when; whoever answers reads the draft."""
    consultation, after = readable(slug), comment_key("after")
    is_draft = is_draft_for(current_actor(), consultation)
    page = None
    if is_draft or are_positions_shown(consultation.state):
        told = told_to(current_actor(), consultation, page_language())
        page = report_page(consultation.id, told, after)
    return render_template(
        "public/outcome_report.html",
        consultation=consultation,
        report=page,
        is_draft=is_draft,
        is_first_page=after is None,
        formats=tuple(ReportFormat),
    )


@bp.get("/c/<slug>/report.<code>")
def report_file(slug: str, code: str) -> ResponseReturnValue:
    consultation = readable(slug)
    form = report_format(code)
    reader = current_actor()
    is_draft = is_draft_for(reader, consultation)
    made = write_report(reader, consultation, page_language(), form, _words(is_draft=is_draft))
    response = Response(made.content, mimetype=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def _words(*, is_draft: bool) -> ReportWords:
    """In the language of the page, which is that of the report."""
    return ReportWords(
        heading=_("Report: comments and answers"),
        draft=_("Draft. The answer is not published yet.") if is_draft else "",
        columns=(
            _("Number"),
            _("Comment"),
            _("Answer and reason"),
            _("Decision"),
            _("Likes"),
            _("Dislikes"),
            _("Note"),
        ),
        decisions={decision: str(said) for decision, said in words.DECISIONS.items()},
        rules={
            "": _("Withheld"),
            **{
                code: _("A moderator withheld it under the rule “%(rule)s”.", rule=title)
                for code, title in words.RULE_TITLES.items()
            },
        },
        shared_text=_("The same answer stands under several comments."),
        unanswered=_("Not answered yet") if is_draft else "",
    )
