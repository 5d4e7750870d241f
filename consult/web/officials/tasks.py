"""The task list of a consultation, its checklist, its days one by one, and its texts side by side."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.domain.permissions import may_edit_consultations
from consult.queries.access import key_at
from consult.queries.editing import editing_of
from consult.queries.task_lists import period_of, task_list
from consult.web.i18n import page_language
from consult.web.officials.blueprint import bp
from consult.web.session import current_actor, guarded


@bp.get("/o/consultations/<slug>", endpoint="task_list")
@guarded(may_edit_consultations)
def show_tasks(slug: str) -> ResponseReturnValue:
    tasks = task_list(current_actor(), slug, page_language())
    return render_template("officials/tasks.html", tasks=tasks, consultation=tasks.view)


@bp.get("/o/consultations/<slug>/check", endpoint="publish_check")
@guarded(may_edit_consultations)
def show_check(slug: str) -> ResponseReturnValue:
    tasks = task_list(current_actor(), slug, page_language())
    return render_template("officials/check.html", tasks=tasks, consultation=tasks.view)


@bp.get("/o/consultations/<slug>/days", endpoint="counted_days")
@guarded(may_edit_consultations)
def show_days(slug: str) -> ResponseReturnValue:
    period = period_of(current_actor(), slug, page_language())
    return render_template("officials/days.html", period=period, consultation=period.view)


@bp.get("/o/consultations/<slug>/translations", endpoint="translations")
@guarded(may_edit_consultations)
def show_translations(slug: str) -> ResponseReturnValue:
    key = key_at(current_actor(), may_edit_consultations, slug)
    editing = editing_of(current_actor(), key, page_language())
    return render_template("officials/translations.html", editing=editing, consultation=editing.view)
