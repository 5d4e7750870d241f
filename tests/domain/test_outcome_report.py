"""Rules of the report as documents."""

import pytest

from consult.domain.errors import Reason, Refused
from consult.domain.outcome_report import LINES_MOST, ReportFormat, check_length, report_format


def test_a_document_has_a_length_that_a_request_can_write_and_csv_has_none() -> None:
    for form, most in LINES_MOST.items():
        check_length(form, most)
        with pytest.raises(Refused) as refused:
            check_length(form, most + 1)
        assert (refused.value.reason, refused.value.details) == (Reason.REPORT_TOO_LONG, {"limit": most})
    check_length(ReportFormat.CSV, 10**7)


def test_a_format_that_is_none_is_not_found() -> None:
    assert report_format("pdf") is ReportFormat.PDF
    with pytest.raises(Refused) as refused:
        report_format("xls")
    assert refused.value.reason is Reason.NOT_FOUND
