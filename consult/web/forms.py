"""Ground of the forms: protection against forgery, repeat keys, and fields in three languages."""

import secrets
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired

from consult.domain.errors import Refused
from consult.web import refusals

REQUIRED = InputRequired(_l("This field is required."))


def init_app(app: Flask) -> None:
    CSRFProtect(app)


class Form(FlaskForm):  # type: ignore[misc]
    """A form whose refusals, the browser's or a rule's, all come back at their field in one language."""

    def refuse(self, refused: Refused, field: str | None = None) -> None:
        """Show a refusal at a field, or above the form where it belongs to none."""
        said = refusals.sentence(refused)
        if field is None:
            self.form_errors.append(said)
        else:
            self[field].errors = [*self[field].errors, said]


class WritingForm(Form):
    """A form that adds something; sent twice it adds once."""

    idempotency_key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.idempotency_key.data:
            self.idempotency_key.data = secrets.token_urlsafe(16)
