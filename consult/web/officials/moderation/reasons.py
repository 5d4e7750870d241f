"""What authors are usually told, rule by rule in three languages, on one page."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.moderation import REASON_LONGEST
from consult.domain.permissions import is_official, may_moderate
from consult.queries.rules import codes_somewhere
from consult.services import moderation
from consult.web import refusals, words
from consult.web.forms import Form, without_nul
from consult.web.i18n import gettext as _
from consult.web.officials.blueprint import bp
from consult.web.officials.moderation import phrases
from consult.web.session import current_actor, guarded


@bp.get("/o/moderation/templates")
@guarded(may_moderate)
def usual_reasons() -> ResponseReturnValue:
    return _page({}, "")


@bp.post("/o/moderation/templates")
@guarded(may_moderate)
def save_usual_reason() -> ResponseReturnValue:
    """The three languages of one rule; what is left empty becomes the catalogue's again."""
    rule = request.form.get("rule", "")
    written = {
        language: without_nul(request.form.get(f"words_{language.value}", "")) for language in Language
    }
    try:
        for language in Language:
            moderation.write_usual_reason(current_actor(), rule, language, _own(rule, language, written))
    except Refused as refused:
        if refused.reason not in {Reason.RULE_UNKNOWN, Reason.TEXT_TOO_LONG}:
            raise
        return _page({rule: written}, refusals.sentence(refused)), refusals.status(refused)
    flash(_("The usual reason is kept."), "success")
    return redirect(url_for(".usual_reasons"), 303)


def _own(rule: str, language: Language, written: dict[Language, str]) -> str:
    """What was written; nothing where it is what the catalogue says anyway, so that it stays up to date."""
    catalogue = phrases.catalogue_reason(rule, language)
    return "" if written[language].strip() == catalogue else written[language]


def _page(written: dict[str, dict[Language, str]], problem: str) -> str:
    return render_template(
        "officials/usual_reasons.html",
        rules=[(code, words.RULE_TITLES[code]) for code in codes_somewhere()],
        usual={**phrases.all_usual_reasons(), **{k: v for k, v in written.items() if k in codes_somewhere()}},
        languages=list(Language),
        longest=REASON_LONGEST,
        problem=problem,
        failed=next(iter(written), None),
        may_write=is_official(current_actor()),
        form=Form(),
    )
