"""The rules of moderation: adding, rewording, ordering, retiring."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.permissions import may_manage_settings
from consult.domain.rule_sets import TEXT_LONGEST, TITLE_LONGEST, KeptRule, RuleWords
from consult.queries.rules import all_rules
from consult.services import rules
from consult.web import refusals, words
from consult.web.administration.blueprint import bp
from consult.web.forms import Form
from consult.web.i18n import gettext as _
from consult.web.session import current_actor, guarded

FIELDS = {
    Reason.RULE_CODE_INVALID: "code",
    Reason.RULE_CODE_TAKEN: "code",
    Reason.RULE_WORDS_MISSING: "title_kk",
    Reason.TEXT_TOO_LONG: "text_kk",
}


class RuleForm(Form):
    title_kk, title_ru, title_en = (
        StringField(_l("Title"), render_kw={"maxlength": TITLE_LONGEST}) for _each in Language
    )
    text_kk, text_ru, text_en = (
        TextAreaField(_l("Text"), render_kw={"rows": 4, "maxlength": TEXT_LONGEST}) for _each in Language
    )

    def words(self) -> dict[Language, RuleWords]:
        return {
            each: RuleWords(self[f"title_{each.value}"].data or "", self[f"text_{each.value}"].data or "")
            for each in Language
        }


class NewRuleForm(RuleForm):
    code = StringField(
        _l("Code"),
        description=_l("Small Latin letters, digits and hyphens. It stands in exports and never changes."),
        render_kw={"maxlength": 40, "autocomplete": "off"},
    )


@bp.get("/rules", endpoint="rules")
@guarded(may_manage_settings, everywhere=True)
def show_rules() -> ResponseReturnValue:
    return render_template("administration/rules.html", rules=all_rules(current_actor()))


@bp.route("/rules/new", methods=["GET", "POST"])
@guarded(may_manage_settings, everywhere=True)
def new_rule() -> ResponseReturnValue:
    form = NewRuleForm()
    if not form.validate_on_submit():
        return _form_page(form, None), 422 if form.errors else 200
    try:
        rules.add_rule(current_actor(), form.code.data or "", form.words())
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _form_page(form, None), refusals.status(refused)
    flash(_("The rule holds in whatever opens from now on."), "success")
    return redirect(url_for(".rules"), 303)


@bp.route("/rules/<code>", methods=["GET", "POST"])
@guarded(may_manage_settings, everywhere=True)
def reword_rule(code: str) -> ResponseReturnValue:
    rule = next((each for each in all_rules(current_actor()) if each.code == code), None)
    if rule is None:
        raise Refused(Reason.NOT_FOUND)
    form = RuleForm(**_present(rule))
    if not form.validate_on_submit():
        return _form_page(form, rule), 422 if form.errors else 200
    try:
        rules.reword_rule(current_actor(), code, form.words())
    except Refused as refused:
        form.refuse(refused, FIELDS.get(refused.reason))
        return _form_page(form, rule), refusals.status(refused)
    flash(_("Saved. What has opened keeps the words it had."), "success")
    return redirect(url_for(".rules"), 303)


@bp.post("/rules/<code>/<any(up,down):way>")
@guarded(may_manage_settings, everywhere=True)
def move_rule(code: str, way: str) -> ResponseReturnValue:
    rules.move_rule(current_actor(), code, up=way == "up")
    return redirect(url_for(".rules"), 303)


@bp.post("/rules/<code>/retire")
@guarded(may_manage_settings, everywhere=True)
def retire_rule(code: str) -> ResponseReturnValue:
    rules.retire_rule(current_actor(), code)
    flash(_("The rule is retired. Where it holds it goes on holding."), "success")
    return redirect(url_for(".rules"), 303)


@bp.post("/rules/<code>/bring-back")
@guarded(may_manage_settings, everywhere=True)
def bring_back_rule(code: str) -> ResponseReturnValue:
    rules.bring_back_rule(current_actor(), code)
    flash(_("The rule holds in whatever opens from now on."), "success")
    return redirect(url_for(".rules"), 303)


def _present(rule: KeptRule) -> dict[str, str]:
    """The rule's words as they are now, for the fields; those of the catalogue in each language."""
    found: dict[str, str] = {}
    for language in Language:
        said = rule.words.get(language)
        if not rule.words:
            with force_locale(language.value):
                said = RuleWords(str(words.RULE_TITLES[rule.code]), str(words.RULE_TEXTS[rule.code]))
        if said is not None:
            found |= {f"title_{language.value}": said.title, f"text_{language.value}": said.text}
    return found


def _form_page(form: RuleForm, rule: KeptRule | None) -> str:
    return render_template("administration/rule.html", form=form, rule=rule)
