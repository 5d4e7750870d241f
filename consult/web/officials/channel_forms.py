"""Forms for what came on paper, by e-mail or at a meeting."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from consult.domain.channel_files import Field
from consult.domain.channels import ITEMS_MOST, OFFLINE, ORIGINALS_LONGEST, REASON_LONGEST, Written
from consult.domain.comments import BODY_LONGEST, Channel
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.people import NAME_LONGEST
from consult.domain.profile import AgeBand, Region
from consult.services.channels import BatchIn
from consult.web import words
from consult.web.formats import from_local
from consult.web.forms import REQUIRED, Form, LocalTimeField, WritingForm, choices

BATCH_FIELDS = {
    Reason.CHANNEL_UNKNOWN: "channel",
    Reason.RECEIVED_OUTSIDE_PERIOD: "received_at",
    Reason.RECEIVED_IN_FUTURE: "received_at",
    Reason.ORIGINALS_MISSING: "originals",
    Reason.TEXT_TOO_LONG: "originals",
    Reason.TOTAL_IMPOSSIBLE: "announced",
}
ITEM_FIELDS = {
    Reason.ITEM_QUESTION_UNKNOWN: "question",
    Reason.COMMENT_EMPTY: "text",
    Reason.COMMENT_TOO_LONG: "text",
    Reason.NAME_TOO_LONG: "name",
    Reason.NAME_MISLEADING: "name",
    Reason.ITEM_NAME_IS_CONTACT: "name",
    Reason.REASON_MISSING: "reason",
    Reason.TEXT_TOO_LONG: "reason",
}
LARGEST_TOTAL = 1_000_000
"""What the field takes; the rule says the rest."""


class BatchForm(Form):
    channel = RadioField(
        _l("How it came"),
        choices=choices((each.value, words.CHANNELS[each]) for each in OFFLINE),
        default=Channel.PAPER.value,
    )
    received_at = LocalTimeField(
        _l("Received"),
        [REQUIRED],
        description=_l("Kazakhstan time; when the last of it arrived. This time decides whether it counts."),
    )
    originals = StringField(
        _l("Where the originals lie"),
        [REQUIRED],
        description=_l("A file number, a folder or a mailbox of the office; no names and addresses."),
        render_kw={"maxlength": ORIGINALS_LONGEST},
    )
    announced = IntegerField(
        _l("Number of items"),
        [REQUIRED],
        description=_l("Count before you type: one item is what one person says on one question."),
        render_kw={"min": 1, "max": ITEMS_MOST},
    )

    def batch(self, kept: datetime | None = None) -> BatchIn:
        """What the form says; its minute stands for the kept instant where that lies in it.

        Raises:
            Refused: RECEIVED_IN_FUTURE where the time is none.
        """
        received = from_local(self.received_at.data)
        if received is None:
            raise Refused(Reason.RECEIVED_IN_FUTURE)
        if kept is not None and kept.replace(second=0, microsecond=0) == received:
            received = kept
        total = max(-1, min(self.announced.data or 0, LARGEST_TOTAL))
        return BatchIn(self.channel.data, received, self.originals.data or "", total)


class ItemForm(WritingForm):
    question = SelectField(_l("Question"), [REQUIRED])
    text = TextAreaField(
        _l("Words"),
        [REQUIRED],
        description=_l("As they were written or said, without addresses and telephone numbers."),
        render_kw={"rows": 6, "maxlength": BODY_LONGEST},
    )
    language = SelectField(
        _l("Language of the words"),
        choices=choices([
            ("", _l("Tell it from the text")),
            *((code.value, words.LANGUAGE_NAMES[code]) for code in Language),
        ]),
    )  # fmt: skip
    name = StringField(
        _l("Public name"),
        [Optional()],
        description=_l(
            "Only where the person agreed to be named. Never an e-mail address or a telephone number."
        ),
        render_kw={"maxlength": NAME_LONGEST, "autocomplete": "off"},
    )
    region = SelectField(
        _l("Region"),
        choices=choices([("", _l("Not told")), *((each.value, words.REGIONS[each]) for each in Region)]),
    )
    age_band = SelectField(
        _l("Age"),
        choices=choices([
            ("", _l("Not told")),
            *((each.value, words.AGE_BANDS[each]) for each in AgeBand if each is not AgeBand.UNDISCLOSED),
        ]),
    )  # fmt: skip

    def written(self) -> Written:
        return Written(**{column.value: self[column.value].data or "" for column in Field})


class CorrectionForm(ItemForm):
    reason = TextAreaField(
        _l("Reason of the correction"),
        [REQUIRED],
        description=_l("What differs from the original; it is recorded."),
        render_kw={"rows": 2, "maxlength": REASON_LONGEST},
    )


class FileForm(Form):
    document = FileField(
        _l("CSV file"), description=_l("2 MB at most."), render_kw={"accept": ".csv,text/csv"}
    )

    def content(self) -> bytes:
        """Raises Refused(DOCUMENT_MISSING) where no file came."""
        if not self.document.data:
            raise Refused(Reason.DOCUMENT_MISSING)
        return bytes(self.document.data.read())
