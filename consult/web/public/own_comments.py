"""Changing, correcting and withdrawing one's own comment."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField

from consult.domain.comments import CommentState
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, language
from consult.domain.permissions import may_take_part
from consult.domain.taking_part import why_closed
from consult.queries.comments import CommentView, one_comment
from consult.queries.consultations import ConsultationView
from consult.services import own_comments
from consult.services.own_comments import Edited
from consult.web import refusals, words
from consult.web.forms import Form, choices
from consult.web.i18n import gettext as _
from consult.web.keys import page_key
from consult.web.public import answering
from consult.web.public.blueprint import bp
from consult.web.public.consultations import readable
from consult.web.session import current_actor, guarded


class EditForm(Form):
    body = TextAreaField(_l("Your comment"), render_kw={"rows": 8})


class LanguageForm(Form):
    language = RadioField(
        _l("Language of the comment"),
        choices=choices((code.value, words.LANGUAGE_NAMES[code]) for code in Language),
    )


@bp.get("/c/<slug>/comments/<int:comment_id>/edit")
@guarded(may_take_part)
def edit_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation = readable(slug)
    return _page(consultation, _own(consultation, comment_id))


@bp.post("/c/<slug>/comments/<int:comment_id>/edit")
@guarded(may_take_part)
def save_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation, form = readable(slug), EditForm()
    try:
        edited = own_comments.edit_comment(
            current_actor(), consultation.id, comment_id, form.body.data or "", version=page_key("version")
        )
    except Refused as refused:
        answering.check_correctable(refused)
        form.refuse(refused, "body")
        return _page(consultation, _own(consultation, comment_id), form), refusals.status(refused)
    flash(_said(edited), "success")
    return redirect(_place(slug, comment_id), 303)


@bp.post("/c/<slug>/comments/<int:comment_id>/withdraw")
@guarded(may_take_part)
def withdraw_comment(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation = readable(slug)
    own_comments.withdraw_comment(current_actor(), consultation.id, comment_id, version=page_key("version"))
    flash(_("Comment %(number)s is withdrawn. A note stands in its place.", number=comment_id), "success")
    return redirect(_place(slug, comment_id), 303)


@bp.post("/c/<slug>/comments/<int:comment_id>/language")
@guarded(may_take_part)
def change_comment_language(slug: str, comment_id: int) -> ResponseReturnValue:
    consultation = readable(slug)
    chosen = language(request.form.get("language", ""))
    own_comments.change_language(current_actor(), consultation.id, comment_id, chosen)
    flash(_("The language of comment %(number)s is changed.", number=comment_id), "success")
    return redirect(_place(slug, comment_id), 303)


def _own(consultation: ConsultationView, comment_id: int) -> CommentView:
    """Raises Refused: NOT_FOUND, NOT_PERMITTED for another's comment."""
    found = one_comment(current_actor(), consultation, comment_id)
    if not found.is_mine:
        raise Refused(Reason.NOT_PERMITTED)
    return found


def _page(consultation: ConsultationView, comment: CommentView, form: EditForm | None = None) -> str:
    tag = comment.language.value if comment.language else None
    return render_template(
        "public/edit_comment.html",
        consultation=consultation,
        comment=comment,
        closed=why_closed(consultation.state),
        form=form or EditForm(formdata=None, data={"body": comment.body}),
        language_form=LanguageForm(formdata=None, data={"language": tag}),
    )


def _said(edited: Edited) -> str:
    if edited.state is CommentState.PENDING:
        return _("Received. A moderator reads the new words before others see them.")
    if edited.is_correction:
        return _("Corrected. The earlier words stay readable, because people had voted on them or answered.")
    return _("Changed.")


def _place(slug: str, comment_id: int) -> str:
    return url_for(".comment", slug=slug, comment_id=comment_id, _anchor=f"comment-{comment_id}")
