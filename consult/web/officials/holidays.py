"""The calendar by which working days are counted, for administrators."""

from datetime import UTC, date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, StringField

from consult.domain.consultations import local_day
from consult.domain.errors import Reason, Refused
from consult.domain.holidays import FIRST_YEAR, LAST_YEAR, NAME_LONGEST, Holiday
from consult.domain.languages import Language
from consult.domain.permissions import may_manage_settings
from consult.queries.holidays import year_of_holidays
from consult.services import holidays
from consult.web import refusals, words
from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

LARGEST_FILE = 200_000
"""Bytes; 400 lines of the longest names are fewer."""
FIELDS = {Reason.DATE_OUT_OF_RANGE: "day"}


class HolidayForm(Form):
    day = DateField(_l("Day"), [REQUIRED])
    kind = RadioField(
        _l("What this day is"),
        choices=choices([("off", _l("A day off")), ("working", _l("A working day"))]),
        default="off",
    )
    name_kk, name_ru, name_en = (
        StringField(words.LANGUAGE_NAMES[language], render_kw={"maxlength": NAME_LONGEST})
        for language in Language
    )

    def holiday(self) -> Holiday:
        names = {language: self[f"name_{language.value}"].data or "" for language in Language}
        return Holiday(self.day.data, self.kind.data == "working", names)


class HolidayFileForm(Form):
    table = FileField(
        _l("File with the days of a year (CSV)"),
        description=_l("Columns: day, is_working, name_kk, name_ru, name_en; the names may be left out."),
        render_kw={"accept": ".csv,text/csv"},
    )


@bp.route("/a/holidays", methods=["GET", "POST"], endpoint="holidays")
@guarded(may_manage_settings)
def show_holidays() -> ResponseReturnValue:
    form = HolidayForm()
    if not form.validate_on_submit():
        return _page(form), 422 if form.errors else 200
    try:
        holidays.set_holiday(current_actor(), form.holiday())
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _page(form), refusals.status(refused)
    flash(_("Saved."), "success")
    return redirect(url_for(".holidays", year=form.day.data.year), 303)


@bp.post("/a/holidays/import")
@guarded(may_manage_settings)
def import_holidays() -> ResponseReturnValue:
    form = HolidayFileForm()
    try:
        count = holidays.import_holidays(current_actor(), _uploaded())
    except Refused as refused:
        form.refuse(refused, "table")
        return _page(HolidayForm(formdata=None), form), refusals.status(refused)
    flash(ngettext("%(num)s day is taken over.", "%(num)s days are taken over.", count), "success")
    return redirect(url_for(".holidays"), 303)


def _uploaded() -> str:
    """The text of the file; Raises Refused: DOCUMENT_MISSING, DOCUMENT_TOO_LARGE, DOCUMENT_UNREADABLE."""
    upload = request.files.get("table")
    if upload is None or not upload.filename:
        raise Refused(Reason.DOCUMENT_MISSING)
    content = upload.stream.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused(Reason.DOCUMENT_TOO_LARGE, limit=LARGEST_FILE)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Reason.DOCUMENT_UNREADABLE) from None


@bp.post("/a/holidays/<day>/remove")
@guarded(may_manage_settings)
def remove_holiday(day: str) -> ResponseReturnValue:
    try:
        removed = date.fromisoformat(day)
    except ValueError:
        raise Refused(Reason.NOT_FOUND) from None
    holidays.remove_holiday(current_actor(), removed)
    flash(_("The rules decide about this day again."), "success")
    return redirect(url_for(".holidays", year=removed.year), 303)


def _page(form: HolidayForm, file_form: HolidayFileForm | None = None) -> str:
    year = _year()
    return render_template(
        "officials/holidays.html",
        year=year,
        earlier=year - 1 if year > FIRST_YEAR else None,
        later=year + 1 if year < LAST_YEAR else None,
        days=year_of_holidays(current_actor(), year),
        form=form,
        file_form=file_form or HolidayFileForm(formdata=None),
    )


def _year() -> int:
    """The year of the address; this one where it names none."""
    written = request.args.get("year", "")
    year = int(written) if written.isascii() and written.isdecimal() and len(written) <= 4 else 0  # noqa: PLR2004
    return year if FIRST_YEAR <= year <= LAST_YEAR else local_day(datetime.now(UTC)).year
