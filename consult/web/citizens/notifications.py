"""How I want news by mail; and the way out of them that every letter carries."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.mail import Frequency
from consult.domain.permissions import is_signed_in
from consult.queries.mail import mail_choices
from consult.services import notices
from consult.web.citizens.blueprint import bp
from consult.web.forms import REQUIRED, Form, choices
from consult.web.i18n import gettext as _
from consult.web.letters.phrasing import person_of_stop_token
from consult.web.session import current_actor, guarded
from consult.web.words import LANGUAGE_NAMES

FREQUENCIES = {
    Frequency.DIGEST: _l("Once a day, at 08:00: all news in one letter, and none on days without news"),
    Frequency.IMMEDIATE: _l("At once, a letter for each"),
    Frequency.NONE: _l("Not by mail"),
}


class MailForm(Form):
    frequency = RadioField(
        _l("How often do you want news by mail?"),
        [REQUIRED],
        choices=choices((wish.value, label) for wish, label in FREQUENCIES.items()),
    )
    language = RadioField(
        _l("Language of letters"),
        [REQUIRED],
        choices=choices((language.value, name) for language, name in LANGUAGE_NAMES.items()),
    )


@bp.route("/me/notifications", methods=["GET", "POST"])
@guarded(is_signed_in)
def notifications() -> ResponseReturnValue:
    actor = current_actor()
    frequency, language = mail_choices(actor.person_id)
    form = MailForm(frequency=frequency.value, language=language.value)
    if not form.validate_on_submit():
        return render_template("citizens/notifications.html", form=form), 422 if form.errors else 200
    notices.choose_mail(actor, Frequency(form.frequency.data), Language(form.language.data))
    flash(_("Your choice is kept."), "success")
    return redirect(url_for(".notifications"), 303)


@bp.get("/mail/stop/<token>")
def ask_before_stopping(token: str) -> ResponseReturnValue:
    """What the link in a letter shows. It asks first: programs that look through mail follow links too."""
    _person(token)
    return render_template("citizens/mail_stop.html", token=token, is_done=False)


@bp.post("/mail/stop/<token>")
def stop_mail(token: str) -> ResponseReturnValue:
    """End news by mail with one request of a mail program, RFC 8058, or of the page's button."""
    if not notices.stop_news(_person(token)):
        raise Refused(Reason.NOT_FOUND)
    return render_template("citizens/mail_stop.html", token=token, is_done=True)


# A mail program has no page to take a token from; the signed token in the address stands for it.
bp.record_once(lambda state: state.app.extensions["csrf"].exempt(stop_mail))


def _person(token: str) -> int:
    person_id = person_of_stop_token(token)
    if person_id is None:
        raise Refused(Reason.NOT_FOUND)
    return person_id
