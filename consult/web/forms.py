"""Ground of the forms: protection against forgery, repeat keys, and fields in three languages."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateTimeLocalField, HiddenField
from wtforms.fields import SelectChoice
from wtforms.i18n import messages_path
from wtforms.validators import InputRequired, Optional

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown
from consult.web import refusals

REQUIRED = InputRequired(_l("This field is required."))
LOCAL_FORMAT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
FIRST_YEAR = 1900
"""What lies before is a slip of the hand, and at the edge of the calendar no instant at all."""


def init_app(app: Flask) -> None:
    CSRFProtect(app)


def without_nul(written: str) -> str:
    """The words without NUL, which no keyboard writes, no page may hold and PostgreSQL does not take."""
    return written.replace("\0", "")


@cache
def _sentences_of_fields(locale: str) -> NullTranslations:
    found: NullTranslations = Translations.load(messages_path(), [locale], domain="wtforms")
    return found


class MayWait(Optional):  # type: ignore[misc]
    """A field that may be empty for now, though not for ever: its label does not call it optional."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, bool] = {}


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose refusals, the browser's or a rule's, all come back at their field in one language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How fields get what was sent."""

        def get_translations(self, _form: FlaskForm) -> Any:
            """Sentences of WTForms itself; their catalogues are read once a process, not once a form."""
            return _sentences_of_fields(str(get_locale() or Language.EN.value))

        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            given = super().wrap_formdata(form, formdata)
            if given is None:
                return None
            return MultiDict(
                (name, without_nul(value) if isinstance(value, str) else value)
                for name, value in given.items(multi=True)
            )

    def refuse(self, refused: Refused, field: str | None = None) -> None:
        """Show a refusal at a field, or above the form where it belongs to none."""
        said = refusals.sentence(refused)
        if field is None:
            self.form_errors.append(said)
        else:
            self[field].errors = [*self[field].errors, said]


def choices(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """What a field lets one choose: codes, each with its label."""
    return [SelectChoice(code, label) for code, label in pairs]


def titled_choices(pairs: Iterable[tuple[str, Shown]]) -> list[SelectChoice]:
    """As `choices`, of titles that may be in another language than the page; a code stands for no title."""
    return [
        SelectChoice(code, title.text or code, {"lang": title.language.value} if title.is_fallback else {})
        for code, title in pairs
    ]


class LocalTimeField(DateTimeLocalField):  # type: ignore[misc]
    """A date and time as clocks in Kazakhstan show it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format=LOCAL_FORMAT, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        written: datetime | None = getattr(self, "data", None)
        if written is not None and written.year < FIRST_YEAR:
            self.data = None
            raise ValueError(self.gettext("Not a valid datetime value."))


class WritingForm(Form):
    """A form that adds something; sent twice it adds once."""

    idempotency_key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.idempotency_key.data:
            self.idempotency_key.data = secrets.token_urlsafe(16)

    def refuse(self, refused: Refused, field: str | None = None) -> None:
        """As every form; one whose key was used up comes back with a fresh one."""
        super().refuse(refused, field)
        if refused.reason is Reason.DUPLICATE_KEY_REUSED:
            self.idempotency_key.data = secrets.token_urlsafe(16)
