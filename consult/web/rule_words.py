"""Titles and texts of the rules of moderation: as administrators wrote them, else the catalogue's."""

from collections.abc import Callable, Iterator, Mapping

from flask import current_app, has_app_context
from flask_babel import LazyString, get_locale

from consult.domain.languages import DEFAULT, Language
from consult.domain.rule_sets import KeptRule, RuleWords
from consult.queries.rules import kept_rules, rules_now


class RuleWordsNow(Mapping[str, LazyString]):
    """By code, in the language of the moment, as the words are now.

    What a rule said when a consultation opened is `queries.rules.rules_of`. Retired rules have words too, but
    only those that hold now are counted and listed.
    """

    def __init__(self, catalogue: Mapping[str, LazyString], which: Callable[[RuleWords], str]) -> None:
        self._catalogue = catalogue
        self._which = which

    def __getitem__(self, code: str) -> LazyString:
        if code not in self._catalogue and code not in _rules():
            raise KeyError(code)
        return LazyString(self._said, code)

    def __iter__(self) -> Iterator[str]:
        return iter([rule.code for rule in rules_now()] if _has_database() else self._catalogue)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, code: object) -> bool:
        return code in self._catalogue or code in _rules()

    def _said(self, code: str) -> str:
        rule = _rules().get(code)
        if rule is None or not rule.words:
            return str(self._catalogue[code])
        texts = {language: self._which(words) for language, words in rule.words.items()}
        return next(texts[each] for each in (_language(), *Language) if each in texts)


def _rules() -> dict[str, KeptRule]:
    return {rule.code: rule for rule in kept_rules()} if _has_database() else {}


def _has_database() -> bool:
    """The command line speaks sentences without an application behind them."""
    return has_app_context() and "sqlalchemy" in current_app.extensions


def _language() -> Language:
    locale = get_locale()
    code = locale.language if locale else DEFAULT.value
    return Language(code) if code in set(Language) else DEFAULT
