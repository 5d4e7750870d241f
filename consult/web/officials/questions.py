"""Topics and questions of a consultation, side by side in three languages."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_edit_consultations
from consult.domain.questions import QUESTION_LONGEST, TITLE_LONGEST, QuestionKind
from consult.queries.editing import Editing, WrittenQuestion, WrittenTopic, editing_of
from consult.queries.question_versions import versions_of
from consult.services import questions
from consult.services.drafting import TopicIn
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.officials.conflicts import Difference, conflicts
from consult.web.session import current_actor, guarded

TITLE = {"maxlength": TITLE_LONGEST}
TEXT = {"rows": 5, "maxlength": QUESTION_LONGEST}


EDITION_DIGITS = 10


class EditionForm(Form):
    """A form that knows which state of its thing the page showed."""

    edition = HiddenField()

    def seen_edition(self) -> int:
        """The edition that the page showed; 0, which none has, for anything else."""
        written = self.edition.data or ""
        is_number = written.isascii() and written.isdecimal()
        return int(written) if is_number and len(written) < EDITION_DIGITS else 0

    def texts(self) -> dict[Language, str]:
        return {language: self[f"text_{language.value}"].data or "" for language in Language}


class TopicForm(EditionForm):
    text_kk, text_ru, text_en = (
        StringField(words.LANGUAGE_NAMES[language], render_kw=TITLE) for language in Language
    )


class QuestionForm(EditionForm):
    text_kk, text_ru, text_en = (
        TextAreaField(words.LANGUAGE_NAMES[language], render_kw=TEXT) for language in Language
    )
    kind = RadioField(
        _l("How people answer"),
        choices=choices((kind.value, words.QUESTION_KINDS[kind]) for kind in QuestionKind),
        default=QuestionKind.OPEN.value,
    )


@bp.route("/o/consultations/<int:consultation_id>/topics/new", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def new_topic(consultation_id: int) -> ResponseReturnValue:
    editing = _editing(consultation_id)
    form = TopicForm()
    if not form.validate_on_submit():
        return render_template("officials/topic.html", editing=editing, topic=None, form=form)
    try:
        questions.add_topic(current_actor(), consultation_id, TopicIn(form.texts()))
    except Refused as refused:
        form.refuse(refused, _field(refused))
        page = render_template("officials/topic.html", editing=editing, topic=None, form=form)
        return page, refusals.status(refused)
    return _saved(consultation_id)


@bp.route("/o/consultations/<int:consultation_id>/topics/<int:topic_id>", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def edit_topic(consultation_id: int, topic_id: int) -> ResponseReturnValue:
    editing = _editing(consultation_id)
    topic = _topic(editing, topic_id)
    form = TopicForm(data=_kept_topic(topic))
    if not form.validate_on_submit():
        return _topic_page(editing, topic, form), 422 if form.errors else 200
    try:
        questions.edit_topic(
            current_actor(), consultation_id, topic_id, form.texts(), edition=form.seen_edition()
        )
    except Refused as refused:
        form.refuse(refused, _field(refused))
        if refused.reason is not Reason.VERSION_CONFLICT:
            return _topic_page(editing, topic, form), refusals.status(refused)
        topic = _topic(_editing(consultation_id), topic_id)
        kept = TopicForm(formdata=None, data=_kept_topic(topic))
        return _topic_page(editing, topic, form, _seen_now(kept, form)), refusals.status(refused)
    return _saved(consultation_id)


def _kept_topic(topic: WrittenTopic) -> dict[str, str]:
    titles = {f"text_{language.value}": title for language, title in topic.titles.items()}
    return {"edition": str(topic.edition), **titles}


def _seen_now(kept: EditionForm, form: EditionForm) -> list[Difference]:
    """How the two differ; whoever saves again has seen what stands there now."""
    form.edition.data = kept.edition.data
    return conflicts(kept, form)


def _topic_page(
    editing: Editing, topic: WrittenTopic, form: TopicForm, differing: list[Difference] | None = None
) -> str:
    return render_template(
        "officials/topic.html", editing=editing, topic=topic, form=form, differing=differing
    )


@bp.post("/o/consultations/<int:consultation_id>/topics/<int:topic_id>/remove")
@guarded(may_edit_consultations)
def remove_topic(consultation_id: int, topic_id: int) -> ResponseReturnValue:
    questions.remove_topic(current_actor(), consultation_id, topic_id)
    return _saved(consultation_id)


@bp.route(
    "/o/consultations/<int:consultation_id>/topics/<int:topic_id>/questions/new", methods=["GET", "POST"]
)
@guarded(may_edit_consultations)
def new_question(consultation_id: int, topic_id: int) -> ResponseReturnValue:
    editing = _editing(consultation_id)
    topic = _topic(editing, topic_id)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _question_page(editing, topic, None, form), 422 if form.errors else 200
    try:
        kind = QuestionKind(form.kind.data)
        questions.add_question(current_actor(), consultation_id, topic_id, form.texts(), kind)
    except Refused as refused:
        form.refuse(refused, _field(refused))
        return _question_page(editing, topic, None, form), refusals.status(refused)
    return _saved(consultation_id)


@bp.route("/o/consultations/<int:consultation_id>/questions/<int:number>", methods=["GET", "POST"])
@guarded(may_edit_consultations)
def edit_question(consultation_id: int, number: int) -> ResponseReturnValue:
    editing = _editing(consultation_id)
    topic, question = _question(editing, number)
    form = QuestionForm(data=_kept_question(question))
    if not form.validate_on_submit():
        return _question_page(editing, topic, question, form), 422 if form.errors else 200
    try:
        questions.edit_question(
            current_actor(),
            consultation_id,
            number,
            form.texts(),
            QuestionKind(form.kind.data),
            edition=form.seen_edition(),
        )
    except Refused as refused:
        form.refuse(refused, _field(refused))
        if refused.reason is not Reason.VERSION_CONFLICT:
            return _question_page(editing, topic, question, form), refusals.status(refused)
        topic, question = _question(_editing(consultation_id), number)
        kept = QuestionForm(formdata=None, data=_kept_question(question))
        page = _question_page(editing, topic, question, form, _seen_now(kept, form))
        return page, refusals.status(refused)
    return _saved(consultation_id)


def _kept_question(question: WrittenQuestion) -> dict[str, str]:
    texts = {f"text_{language.value}": text for language, text in question.texts.items()}
    return {"edition": str(question.edition), "kind": question.kind.value, **texts}


@bp.post("/o/consultations/<int:consultation_id>/questions/<int:number>/remove")
@guarded(may_edit_consultations)
def remove_question(consultation_id: int, number: int) -> ResponseReturnValue:
    _question(_editing(consultation_id), number)  # a number beyond the column's 32 bits is not asked about
    questions.remove_question(current_actor(), consultation_id, number)
    return _saved(consultation_id)


def _question_page(
    editing: Editing,
    topic: WrittenTopic,
    question: WrittenQuestion | None,
    form: QuestionForm,
    differing: list[Difference] | None = None,
) -> str:
    return render_template(
        "officials/question.html",
        editing=editing,
        topic=topic,
        question=question,
        form=form,
        differing=differing,
        versions=versions_of(current_actor(), editing.view.id, question.number) if question else (),
    )


def _field(refused: Refused) -> str | None:
    return "text_kk" if refused.reason in {Reason.TITLE_MISSING, Reason.TEXT_TOO_LONG} else None


def _editing(consultation_id: int) -> Editing:
    return editing_of(current_actor(), consultation_id, page_language())


def _topic(editing: Editing, topic_id: int) -> WrittenTopic:
    for topic in editing.topics:
        if topic.id == topic_id:
            return topic
    raise Refused(Reason.NOT_FOUND)


def _question(editing: Editing, number: int) -> tuple[WrittenTopic, WrittenQuestion]:
    for topic in editing.topics:
        for question in topic.questions:
            if question.number == number:
                return topic, question
    raise Refused(Reason.NOT_FOUND)


def _saved(consultation_id: int) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return redirect(url_for(".edit_consultation", consultation_id=consultation_id, _anchor="topics"), 303)
