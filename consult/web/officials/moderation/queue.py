"""The queue: everything to decide is in the row."""

from urllib.parse import urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from consult.domain.comments import CommentState
from consult.domain.moderation import DeskOrder, View
from consult.domain.permissions import may_moderate
from consult.domain.risk import Mark
from consult.queries import moderation as reads
from consult.queries.rules import codes_somewhere
from consult.services import moderation
from consult.web import words
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.officials.moderation import phrases
from consult.web.officials.moderation.forms import ActForm, asked, query_of
from consult.web.session import current_actor, guarded


@bp.get("/o/moderation", endpoint="moderation")
@guarded(may_moderate)
def show_queue() -> ResponseReturnValue:
    return queue_page()


def queue_page(
    failed: int | None = None, form: ActForm | None = None, problem: str = "", act: str = ""
) -> str:
    """The list that the address, or the sent form, asks for; with what was wrong where something was."""
    actor, language = current_actor(), page_language()
    chosen, after = asked(form.wanted() if form else request.args)
    numbers = reads.questions_to_choose(chosen.consultation_id) if chosen.consultation_id is not None else ()
    return render_template(
        "officials/moderation.html",
        queue=reads.queue(actor, language, chosen, after=after),
        figures=reads.desk_figures(actor),
        chosen=chosen,
        after=after,
        consultations=reads.moderated_consultations(actor, language),
        question_numbers=numbers,
        views=list(View),
        orders=list(DeskOrder),
        all_marks=list(Mark),
        failed=failed,
        act=act,
        form=form,
        problem=problem,
        **row_words(urlencode(query_of(chosen, after))),
    )


def row_words(back: str) -> dict[str, object]:
    """What the template of a row needs beside the comment."""
    actor = current_actor()
    return {
        "back": back,
        "rules": [(code, words.RULE_TITLES[code]) for code in codes_somewhere()],
        "usual": phrases.all_usual_reasons(),
        "phrases": phrases,
        "query_of": query_of,
        "last": reads.last_deed(actor),
        "has_keys": reads.has_desk_keys(actor),
        "CommentState": CommentState,
    }


@bp.post("/o/moderation/keys")
@guarded(may_moderate)
def switch_desk_keys() -> ResponseReturnValue:
    form, on = ActForm(), request.form.get("on") == "1"
    moderation.switch_keys(current_actor(), on=on)
    flash(_("The keys of the desk are on.") if on else _("The keys of the desk are off."), "success")
    return redirect(form.list_address(), 303)
