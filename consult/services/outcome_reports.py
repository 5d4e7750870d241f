"""The report on a consultation as a file: CSV, Word or PDF, all from one reading."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO

from consult.adapters.report_docx import report_docx
from consult.adapters.report_pdf import report_pdf
from consult.adapters.tables import Csv
from consult.domain.export_tables import REPORT
from consult.domain.exports import Package, Row, row_maker
from consult.domain.languages import Language
from consult.domain.outcome_report import Report, ReportFormat, ReportWords, check_length
from consult.domain.people import Actor
from consult.queries.consultations import ConsultationView
from consult.queries.export_contributions import report_record
from consult.queries.outcome_report import (
    count_lines,
    is_draft_for,
    report_lines,
    told_to,
)

_DOCUMENTS: Mapping[ReportFormat, Callable[[Report, ReportWords], bytes]] = {
    ReportFormat.DOCX: report_docx,
    ReportFormat.PDF: report_pdf,
}
_MEDIA_TYPES = {
    ReportFormat.CSV: "text/csv",
    ReportFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportFormat.PDF: "application/pdf",
}


@dataclass(frozen=True)
class ReportFile:
    name: str
    media_type: str
    content: bytes


def write_report(
    reader: Actor, consultation: ConsultationView, language: Language, form: ReportFormat, words: ReportWords
) -> ReportFile:
    """The report as the reader may have it; the same data give the same bytes.

    Raises:
        Refused: NOT_FOUND where the reader may not read it yet, REPORT_TOO_LONG for a document of more than
            `LINES_MOST` comments.
    """
    told = told_to(reader, consultation, language)
    check_length(form, count_lines(consultation.id))
    lines = report_lines(consultation.id, told)
    if form is ReportFormat.CSV:
        content = _csv(map(row_maker(REPORT, Package.PUBLIC), map(report_record, lines)))
    else:
        report = Report(
            title=consultation.title,
            authority=consultation.authority,
            language=language,
            is_draft=is_draft_for(reader, consultation),
            lines=tuple(lines),
        )
        content = _DOCUMENTS[form](report, words)
    name = f"{consultation.slug}-report-{language.value}.{form.value}"
    return ReportFile(name, _MEDIA_TYPES[form], content)


def _csv(rows: Iterable[Row]) -> bytes:
    out = BytesIO()
    columns = [(column, column.kind_in(Package.PUBLIC)) for column in REPORT.columns_in(Package.PUBLIC)]
    Csv(bom=True).write(columns, rows, out)
    return out.getvalue()
