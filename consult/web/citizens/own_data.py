"""What is kept about me: to see, to correct, to take along, to delete."""

import io
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import Optional

from consult.domain.consents import CURRENT, Purpose
from consult.domain.errors import Reason, Refused
from consult.domain.holdings import HOLDINGS, Farewell
from consult.domain.languages import Language
from consult.domain.people import EMAIL_LONGEST, NAME_LONGEST, PASSWORD_LONGEST
from consult.domain.permissions import is_signed_in, may_leave, may_take_own_data
from consult.domain.profile import AgeBand, Gender, Profile, Region
from consult.queries.own_data import OwnAccount, own_account
from consult.services import erasure, own_data
from consult.web import privacy_words, refusals, session
from consult.web.citizens.blueprint import bp
from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.session import current_actor, current_token, guarded, settings
from consult.web.words import AGE_BANDS, GENDERS, LANGUAGE_NAMES, REGIONS

Code = TypeVar("Code", bound=StrEnum)
FIELDS = {
    Reason.NAME_MISSING: "name",
    Reason.NAME_TOO_LONG: "name",
    Reason.NAME_MISLEADING: "name",
    Reason.CONSENT_MISSING: "agrees",
    Reason.PASSWORD_WRONG: "password",
    Reason.CONFIRMATION_WRONG: "confirmation",
}
"""The field at which a refusal is shown."""
_UNANSWERED = ("", _l("No answer"))


class AccountForm(Form):
    name = StringField(
        _l("Name"),
        [REQUIRED],
        description=_l("Others see it beside your comments. It need not be your full name."),
        render_kw={"autocomplete": "name", "maxlength": NAME_LONGEST},
    )
    language = SelectField(
        _l("Language of mail and of the first page"),
        choices=choices((language.value, name) for language, name in LANGUAGE_NAMES.items()),
    )


class StatisticsForm(Form):
    region = SelectField(
        _l("Where do you live?"),
        [Optional()],
        choices=choices([_UNANSWERED, *((region.value, name) for region, name in REGIONS.items())]),
    )
    age_band = SelectField(
        _l("How old are you?"),
        [Optional()],
        choices=choices([_UNANSWERED, *((band.value, name) for band, name in AGE_BANDS.items())]),
    )
    gender = SelectField(
        _l("Gender"),
        [Optional()],
        choices=choices([_UNANSWERED, *((gender.value, name) for gender, name in GENDERS.items())]),
    )
    agrees = BooleanField(privacy_words.consent_text(Purpose.STATISTICS))

    @property
    def profile(self) -> Profile:
        return Profile(
            _chosen(Region, self.region.data),
            _chosen(AgeBand, self.age_band.data),
            _chosen(Gender, self.gender.data),
        )


class LeaveForm(Form):
    farewell = RadioField(
        _l("What becomes of your comments?"),
        [REQUIRED],
        choices=choices([
            (Farewell.REMOVE.value, _l("Remove my comments; a note stays in their place")),
            (Farewell.KEEP.value, _l("Keep my comments, by “Former participant”")),
        ]),
    )  # fmt: skip
    confirmation = StringField(
        _l("Write the e-mail address of your account"),
        [REQUIRED],
        description=_l("So that nobody deletes an account by a slip of the finger."),
        render_kw={"autocomplete": "off", "maxlength": EMAIL_LONGEST},
    )
    password = PasswordField(
        _l("Password"),
        [REQUIRED],
        render_kw={"autocomplete": "current-password", "maxlength": PASSWORD_LONGEST},
    )

    def fit(self, mine: OwnAccount) -> None:
        """Ask only for what the account has: some have no password, or no address."""
        if not mine.has_password:
            del self.password
        if not mine.email:
            self.confirmation.label.text = _("Write your name, as it stands beside your comments")


def _chosen(kind: type[Code], code: str | None) -> Code | None:
    return kind(code) if code else None


@bp.get("/me/privacy")
@guarded(is_signed_in)
def privacy() -> ResponseReturnValue:
    return _page()


@bp.post("/me/privacy/account")
@guarded(is_signed_in)
def correct_account() -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate_on_submit():
        return _page(account=form)
    try:
        own_data.correct_account(current_actor(), form.name.data, Language(form.language.data))
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _page(account=form, refused=refused)
    return _done(_("Your name and your language are kept."))


@bp.post("/me/privacy/statistics")
@guarded(is_signed_in)
def save_profile() -> ResponseReturnValue:
    form = StatisticsForm()
    if not form.validate_on_submit():
        return _page(statistics=form)
    profile = form.profile
    try:
        own_data.save_profile(current_actor(), profile, page_language(), agrees=form.agrees.data)
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _page(statistics=form, refused=refused)
    if profile.is_empty:
        return _done(_("Nothing is kept for statistics."))
    return _done(_("Your answers are kept. Thank you."))


@bp.post("/me/privacy/statistics/withdraw")
@guarded(is_signed_in)
def decline_statistics() -> ResponseReturnValue:
    own_data.decline_statistics(current_actor())
    return _done(_("Nothing is kept for statistics."))


@bp.post("/me/privacy/download")
@guarded(may_take_own_data)
def download_own_data() -> ResponseReturnValue:
    """The archive, from memory: what one person has is small when packed, and no file is left behind."""
    about = render_template("citizens/privacy_download.txt", holdings=HOLDINGS, names=privacy_words.HOLDINGS)
    with tempfile.TemporaryDirectory(prefix="consult-own-data-") as folder:
        archive = Path(folder) / "consult-my-data.zip"
        own_data.download(current_actor(), output=archive, about=about)
        packed = io.BytesIO(archive.read_bytes())
    return send_file(packed, mimetype="application/zip", as_attachment=True, download_name=archive.name)


@bp.route("/me/privacy/delete", methods=["GET", "POST"])
@guarded(may_leave)
def delete_account() -> ResponseReturnValue:
    form = LeaveForm()
    form.fit(own_account(current_actor()))
    if not form.validate_on_submit():
        return render_template("citizens/privacy_delete.html", form=form), 422 if form.errors else 200
    try:
        erasure.erase_account(
            current_actor(),
            password=form.password.data if form.password else "",
            token=current_token(),
            confirmation=form.confirmation.data,
            farewell=Farewell(form.farewell.data),
            instance=settings().instance,
        )
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return render_template("citizens/privacy_delete.html", form=form), refusals.status(refused)
    session.end()
    flash(_("Your account is deleted. Thank you for having taken part."), "success")
    return redirect(url_for("public.home"), 303)


def _done(said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for(".privacy"), 303)


def _page(
    *,
    account: AccountForm | None = None,
    statistics: StatisticsForm | None = None,
    refused: Refused | None = None,
) -> ResponseReturnValue:
    """The page with its two forms; one that came back refused stands as it was sent."""
    mine = own_account(current_actor())
    sent = account or statistics
    status = refusals.status(refused) if refused else 422 if sent else 200
    page = render_template(
        "citizens/privacy.html",
        mine=mine,
        sent=sent,
        account=account or AccountForm(formdata=None, name=mine.name, language=mine.language.value),
        statistics=statistics or _kept_answers(mine),
        consent_words=_consent_words(mine),
        current=CURRENT,
    )
    return page, status


def _kept_answers(mine: OwnAccount) -> StatisticsForm:
    kept = mine.profile
    return StatisticsForm(
        formdata=None,
        region=kept.region.value if kept.region else "",
        age_band=kept.age_band.value if kept.age_band else "",
        gender=kept.gender.value if kept.gender else "",
        agrees=mine.agrees_to_statistics,
    )


def _consent_words(mine: OwnAccount) -> list[tuple[LazyString, LazyString | None]]:
    """Of each consent the purpose, and the text that was agreed to."""
    return [
        (
            privacy_words.CONSENT_PURPOSES[each.purpose],
            privacy_words.CONSENT_TEXTS.get((each.purpose, each.version)),
        )
        for each in mine.consents
    ]
