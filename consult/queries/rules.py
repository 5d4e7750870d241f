"""Which rules of moderation hold: now, and in a consultation since its opening; and their words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language, Shown, shown
from consult.domain.moderation import RULES
from consult.domain.people import Actor
from consult.domain.permissions import may_manage_settings, require
from consult.domain.rule_sets import KeptRule, RuleWords
from consult.models.base import db
from consult.models.rules import ConsultationRule
from consult.models.settings import ModerationRule, ModerationRuleText
from consult.queries.freshness import kept as kept_fresh

Words = Mapping[Language, RuleWords]


@dataclass(frozen=True)
class RuleShown:
    """A rule by its stable code; `title` and `text` are None where the pages have the words themselves."""

    code: str
    title: Shown | None = None
    text: Shown | None = None


def all_rules(reader: Actor) -> tuple[KeptRule, ...]:
    """Every rule in its order, the retired ones last.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED.
    """
    require(reader, may_manage_settings)
    return tuple(sorted(kept_rules(), key=lambda rule: (rule.is_retired, rule.position)))


@kept_fresh
def kept_rules() -> tuple[KeptRule, ...]:
    """As `read_rules`, not read anew each time; for readers, not for deeds about rules."""
    return read_rules()


def read_rules() -> tuple[KeptRule, ...]:
    """The program's rules as administrators changed them, and theirs, in order; two small queries."""
    found = {code: KeptRule(code, rule.position) for code, rule in RULES.items()}
    for row in db.session.scalars(db.select(ModerationRule)):
        found[row.code] = KeptRule(row.code, row.position, row.version, row.retired_at is not None)
    words = _words((rule.code, rule.version) for rule in found.values() if rule.version)
    with_words = (replace(rule, words=words.get((rule.code, rule.version), {})) for rule in found.values())
    return tuple(sorted(with_words, key=lambda rule: (rule.position, rule.code)))


def rules_now() -> tuple[KeptRule, ...]:
    """The rules that are not retired, in order: those that hold in whatever opens next."""
    return tuple(rule for rule in kept_rules() if not rule.is_retired)


def rules_of(consultation_id: int, language: Language) -> tuple[RuleShown, ...]:
    """The rules by which comments of a consultation are withheld, in their order and with their words.

    Those that held when it opened; before its opening, and where none were kept, the general ones.
    """
    kept = db.session.execute(
        db.select(ConsultationRule.code, ConsultationRule.version)
        .filter_by(consultation_id=consultation_id)
        .order_by(ConsultationRule.position, ConsultationRule.code)
    ).all()
    if not kept:
        return tuple(rule_shown(rule.code, rule.words, language) for rule in rules_now())
    words = _words((code, version) for code, version in kept if version)
    return tuple(rule_shown(code, words.get((code, version), {}), language) for code, version in kept)


def rule_shown(code: str, words: Words, language: Language) -> RuleShown:
    """A rule for a reader of this language."""
    if not words:
        return RuleShown(code)
    titles = {each: said.title for each, said in words.items()}
    texts = {each: said.text for each, said in words.items()}
    return RuleShown(code, shown(titles, language), shown(texts, language))


def known_rule(code: str) -> str:
    """The code itself; Raises Refused(RULE_UNKNOWN) where no rule ever had it."""
    if code in RULES or db.session.get(ModerationRule, code) is not None:
        return code
    raise Refused(Reason.RULE_UNKNOWN)


def rule_in(consultation_id: int, code: str) -> str:
    """The code itself; Raises Refused(RULE_UNKNOWN) where no such rule holds in the consultation."""
    if code in codes_in(consultation_id):
        return code
    raise Refused(Reason.RULE_UNKNOWN)


@kept_fresh
def codes_somewhere() -> tuple[str, ...]:
    """The codes by which somebody can decide somewhere: those of now, then those of older consultations."""
    older = db.session.scalars(db.select(ConsultationRule.code).distinct().order_by(ConsultationRule.code))
    return tuple(dict.fromkeys((*(rule.code for rule in rules_now()), *older)))


@kept_fresh
def codes_in(consultation_id: int) -> tuple[str, ...]:
    """The codes of the rules that hold in a consultation, in their order."""
    return tuple(rule.code for rule in rules_of(consultation_id, Language.KK))


def _words(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], dict[Language, RuleWords]]:
    """The words of some versions; nothing is asked where none are wanted."""
    keys = list(wanted)
    if not keys:
        return {}
    found: dict[tuple[str, int], dict[Language, RuleWords]] = {}
    is_wanted = sa.tuple_(ModerationRuleText.code, ModerationRuleText.version).in_(keys)
    for row in db.session.scalars(db.select(ModerationRuleText).where(is_wanted)):
        found.setdefault((row.code, row.version), {})[row.language] = RuleWords(row.title, row.text)
    return found
