"""Two people edited the same: what is kept now beside what was typed, so that neither is lost."""

from collections.abc import Container
from dataclasses import dataclass

from wtforms import Field, HiddenField, StringField, TextAreaField

from consult.domain.differences import Stretch, differences
from consult.web.forms import Form


@dataclass(frozen=True)
class Difference:
    """A field whose words differ: its id in the form, what is kept now, and both in one."""

    id: str
    label: str
    kept: str
    stretches: tuple[Stretch, ...]


def conflicts(kept: Form, written: Form, *, but: Container[str] = ("slug",)) -> list[Difference]:
    """The text fields of a form in which somebody else has put other words; `but` names what stays."""
    return [
        _difference(field, written[field.name])
        for field in kept
        if field.name not in but and _differs(field, written[field.name])
    ]


def _differs(kept: Field, written: Field) -> bool:
    is_text = isinstance(kept, (StringField, TextAreaField)) and not isinstance(kept, HiddenField)
    return is_text and (kept.data or "").split() != (written.data or "").split()


def _difference(kept: Field, written: Field) -> Difference:
    words = kept.data or ""
    return Difference(kept.id, kept.label.text, words, differences(words, written.data or ""))
