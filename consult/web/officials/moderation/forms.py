"""What the desk's forms send, and what its addresses ask for."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import Optional

from consult.domain.comment_orders import CommentKey
from consult.domain.languages import Language
from consult.domain.moderation import REASON_LONGEST, RULES, DeskOrder, Selection, View
from consult.domain.risk import Mark
from consult.services.moderation import Seen
from consult.web import words
from consult.web.forms import Form, choices
from consult.web.keys import LARGEST, read_comment_key
from consult.web.session import arguments

LONGEST_BACK = 500
"""Characters of the list's address that a form carries along; ours are far shorter."""
Code = TypeVar("Code", bound=StrEnum)


class ActForm(Form):
    """One form for all acts; each act reads the fields that it needs.

    `back` is the query of the list that the moderator works on; `item`: the form stands on a comment's page.
    """

    version = IntegerField(validators=[Optional()])
    back = HiddenField()
    item = BooleanField()
    despite = BooleanField()
    rule = RadioField(
        _l("Rule that it breaks"),
        choices=choices((code, words.RULE_TITLES[code]) for code in RULES),
        validate_choice=False,
    )
    reason = TextAreaField(_l("Reason for the author"), render_kw={"rows": 2, "maxlength": REASON_LONGEST})
    body = TextAreaField(_l("Text to publish"), render_kw={"rows": 5})

    def seen_version(self) -> int | None:
        """The version that the moderator saw; None where none was sent, 0 where it is no number."""
        return (
            self.version.data if self.version.data is not None or not any(self.version.raw_data or ()) else 0
        )

    def list_address(self) -> str:
        """The list to return to."""
        query: dict[str, Any] = {**query_of(*asked(self.wanted()))}
        return url_for("officials.moderation", **query)

    def wanted(self) -> Mapping[str, str]:
        """What the list's address asked for."""
        return MultiDict(parse_qsl((self.back.data or "")[:LONGEST_BACK]))


def asked(values: Mapping[str, str]) -> tuple[Selection, CommentKey | None]:
    """What an address asks for; whatever is none of our codes counts as not asked."""
    number = _number(values.get("consultation"))
    return Selection(
        view=_code(View, values.get("state")) or View.PENDING,
        order=_code(DeskOrder, values.get("order")) or DeskOrder.RISK,
        consultation_id=number,
        question=_number(values.get("question")) if number is not None else None,
        language=_code(Language, values.get("language")),
        mark=_code(Mark, values.get("mark")),
    ), read_comment_key(values.get("after", ""))


def query_of(selection: Selection, after: CommentKey | None = None) -> dict[str, str]:
    """The address arguments of a selection, without what goes without saying."""
    plain = Selection()
    given = {
        "state": selection.view.value if selection.view is not plain.view else None,
        "order": selection.order.value if selection.order is not plain.order else None,
        "consultation": selection.consultation_id,
        "question": selection.question,
        "language": selection.language,
        "mark": selection.mark,
        "after": after,
    }
    return {name: str(value) for name, value in arguments(**given).items()}


def picked() -> list[Seen]:
    """The ticked comments, each with the version that was before the eyes; what is none is left out."""
    found = []
    for written in request.form.getlist("pick"):
        key, _, version = written.partition(".")
        number, seen = _number(key), _number(version)
        if number is not None and seen is not None:
            found.append(Seen(number, seen))
    return found


def _number(written: str | None) -> int | None:
    if not written or not written.isascii() or not written.isdigit() or len(written) > len(str(LARGEST)):
        return None
    return int(written) if int(written) <= LARGEST else None


def _code(kind: Callable[[str], Code], written: str | None) -> Code | None:
    try:
        return kind(written or "")
    except ValueError:
        return None
