"""Topics and questions of a consultation, side by side in three languages."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_edit_consultations
from consult.domain.questions import QUESTION_LONGEST, TITLE_LONGEST, QuestionKind
from consult.queries.editing import Editing, WrittenQuestion, WrittenTopic, editing_of
from consult.services import questions
from consult.services.drafting import TopicIn
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded

TITLE = {"maxlength": TITLE_LONGEST}
TEXT = {"rows": 5, "maxlength": QUESTION_LONGEST}


class TopicForm(Form):
    text_kk, text_ru, text_en = (
        StringField(words.LANGUAGE_NAMES[language], render_kw=TITLE) for language in Language
    )

    def texts(self) -> dict[Language, str]:
        return {language: self[f"text_{language.value}"].data or "" for language in Language}


class QuestionForm(Form):
    text_kk, text_ru, text_en = (
        TextAreaField(words.LANGUAGE_NAMES[language], render_kw=TEXT) for language in Language
    )
    kind = RadioField(
        _l("How people answer"),
        choices=choices((kind.value, words.QUESTION_KINDS[kind]) for kind in QuestionKind),
        default=QuestionKind.OPEN.value,
    )

    def texts(self) -> dict[Language, str]:
        return {language: self[f"text_{language.value}"].data or "" for language in Language}


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
    form = TopicForm(**{f"text_{language.value}": title for language, title in topic.titles.items()})
    if not form.validate_on_submit():
        return render_template("officials/topic.html", editing=editing, topic=topic, form=form)
    try:
        questions.edit_topic(current_actor(), consultation_id, topic_id, form.texts())
    except Refused as refused:
        form.refuse(refused, _field(refused))
        page = render_template("officials/topic.html", editing=editing, topic=topic, form=form)
        return page, refusals.status(refused)
    return _saved(consultation_id)


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
    texts = {f"text_{language.value}": text for language, text in question.texts.items()}
    form = QuestionForm(kind=question.kind.value, **texts)
    if not form.validate_on_submit():
        return _question_page(editing, topic, question, form), 422 if form.errors else 200
    try:
        kind = QuestionKind(form.kind.data)
        questions.edit_question(current_actor(), consultation_id, number, form.texts(), kind)
    except Refused as refused:
        form.refuse(refused, _field(refused))
        return _question_page(editing, topic, question, form), refusals.status(refused)
    return _saved(consultation_id)


@bp.post("/o/consultations/<int:consultation_id>/questions/<int:number>/remove")
@guarded(may_edit_consultations)
def remove_question(consultation_id: int, number: int) -> ResponseReturnValue:
    _question(_editing(consultation_id), number)  # a number beyond the column's 32 bits is not asked about
    questions.remove_question(current_actor(), consultation_id, number)
    return _saved(consultation_id)


def _question_page(
    editing: Editing, topic: WrittenTopic, question: WrittenQuestion | None, form: QuestionForm
) -> str:
    return render_template(
        "officials/question.html", editing=editing, topic=topic, question=question, form=form
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
