"""Making export packages and handing them over."""

import tempfile
from pathlib import Path

from flask import render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from consult.domain.errors import Reason, Refused
from consult.domain.exports import Package
from consult.domain.permissions import may_export_restricted
from consult.queries.editing import exportable
from consult.services import exports
from consult.web import refusals
from consult.web.forms import Form, choices, titled_choices
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded, settings

PACKAGES = {
    Package.PUBLIC: _l("Public: published comments and counts, no vote of any person"),
    Package.RESTRICTED: _l(
        "Restricted: also withheld comments and single votes under pseudonyms; the making is logged"
    ),
}


class ExportForm(Form):
    slug = SelectField(_l("Consultation"), [InputRequired(_l("This field is required."))])
    package = RadioField(
        _l("Package"),
        choices=choices((package.value, PACKAGES[package]) for package in Package),
        default=Package.PUBLIC.value,
    )
    format = RadioField(
        _l("Format"), choices=choices([("csv", "CSV"), ("jsonl", "JSON Lines")]), default="csv"
    )
    delimiter = RadioField(
        _l("Delimiter of CSV"),
        choices=choices([(",", _l("Comma")), (";", _l("Semicolon, for Excel in Kazakh and Russian"))]),
        default=",",
    )
    bom = BooleanField(_l("Mark as UTF-8 for Excel (BOM)"))


@bp.route("/o/exports", methods=["GET", "POST"], endpoint="exports")
@guarded(may_export_restricted)
def make_export() -> ResponseReturnValue:
    form = ExportForm()
    form.slug.choices = titled_choices(exportable(current_actor(), page_language()))
    if not form.validate_on_submit():
        return render_template("officials/exports.html", form=form), 422 if form.errors else 200
    try:
        return _download(form)
    except Refused as refused:
        form.refuse(refused, "package" if refused.reason is Reason.PACKAGE_UNKNOWN else None)
        return render_template("officials/exports.html", form=form), refusals.status(refused)


def _download(form: ExportForm) -> ResponseReturnValue:
    """The archive; its file is gone from the disk as soon as the answer is sent, whatever happens."""
    slug, package = form.slug.data, form.package.data
    folder = tempfile.TemporaryDirectory(prefix="consult-export-")
    archive = Path(folder.name) / f"{slug}-{package}.zip"
    exports.export_archive(
        current_actor(),
        slug,
        package=package,
        format=form.format.data,
        output=archive,
        smallest_group=settings().smallest_group,
        bom=form.bom.data,
        delimiter=form.delimiter.data,
    )
    response = send_file(archive, mimetype="application/zip", as_attachment=True, download_name=archive.name)
    response.direct_passthrough = False  # an iterator that is passed through tells nobody when it is closed
    response.call_on_close(folder.cleanup)
    return response
