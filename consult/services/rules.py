"""The rules of moderation: adding, rewording, ordering, retiring. What has opened keeps the rules it had."""

from collections.abc import Mapping

from consult.domain.audit import Act, Entry, Thing
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.moderation import RULES
from consult.domain.people import Actor
from consult.domain.permissions import may_manage_settings, require
from consult.domain.rule_sets import MOST_RULES, RuleWords, checked_code, checked_words
from consult.models.base import db, now_in_database, transaction
from consult.models.settings import ModerationRule, ModerationRuleText
from consult.queries.rules import read_rules
from consult.services import audit

Words = Mapping[Language, RuleWords]


def add_rule(actor: Actor, code: str, words: Words) -> None:
    """Add a rule behind the others; it holds in whatever opens from now on.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, RULE_LIMIT, and as `checked_code` and `checked_words`.
    """
    require(actor, may_manage_settings)
    kept_code, kept = checked_code(code), checked_words(words)
    with transaction():
        rules = read_rules()
        if kept_code in {rule.code for rule in rules}:
            raise Refused(Reason.RULE_CODE_TAKEN)
        if sum(not rule.is_retired for rule in rules) >= MOST_RULES:
            raise Refused(Reason.RULE_LIMIT, limit=MOST_RULES)
        last = max((rule.position for rule in rules), default=0)
        db.session.add(ModerationRule(code=kept_code, position=last + 1, version=1))
        db.session.flush()
        _write(kept_code, 1, kept)
        _record(actor, Act.RULE_ADDED, {"rule": kept_code})


def reword_rule(actor: Actor, code: str, words: Words) -> None:
    """Give a rule new words; the former ones stay kept for the consultations that opened with them.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, RULE_UNKNOWN, and as `checked_words`.
    """
    require(actor, may_manage_settings)
    kept = checked_words(words)
    with transaction():
        row = _row(code)
        row.version += 1
        db.session.flush()
        _write(code, row.version, kept)
        _record(actor, Act.RULE_REWORDED, {"rule": code, "version": row.version})


def move_rule(actor: Actor, code: str, *, up: bool) -> None:
    """Let a rule change places with the one before it, or after it; at the end of the list it stays.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, RULE_UNKNOWN.
    """
    require(actor, may_manage_settings)
    with transaction():
        positions = {rule.code: rule.position for rule in read_rules() if not rule.is_retired}
        order = list(positions)
        if code not in order:
            raise Refused(Reason.RULE_UNKNOWN)
        here = order.index(code)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        for position, each in enumerate(order, start=1):
            if position != positions[each]:
                _row(each).position = position
        _record(actor, Act.RULES_ORDERED, {"rules": order})


def retire_rule(actor: Actor, code: str) -> None:
    """Let a rule hold in nothing that opens from now on; where it holds it goes on holding.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, RULE_UNKNOWN, LAST_RULE.
    """
    require(actor, may_manage_settings)
    with transaction():
        row = _row(code)
        if row.retired_at is not None:
            return
        if sum(not rule.is_retired for rule in read_rules()) == 1:
            raise Refused(Reason.LAST_RULE)
        row.retired_at = now_in_database()
        _record(actor, Act.RULE_RETIRED, {"rule": code})


def bring_back_rule(actor: Actor, code: str) -> None:
    """Let a retired rule hold again in whatever opens from now on.

    Raises:
        Refused: SIGN_IN_NEEDED, NOT_PERMITTED, RULE_UNKNOWN, RULE_LIMIT.
    """
    require(actor, may_manage_settings)
    with transaction():
        row = _row(code)
        if row.retired_at is None:
            return
        rules = read_rules()
        if sum(not rule.is_retired for rule in rules) >= MOST_RULES:
            raise Refused(Reason.RULE_LIMIT, limit=MOST_RULES)
        row.retired_at = None
        row.position = max(rule.position for rule in rules) + 1
        _record(actor, Act.RULE_BROUGHT_BACK, {"rule": code})


def _row(code: str) -> ModerationRule:
    """The rule's row, locked; made where it is one of the program's own that nobody has changed yet."""
    row = db.session.get(ModerationRule, code, with_for_update=True)
    if row is not None:
        return row
    if code not in RULES:
        raise Refused(Reason.RULE_UNKNOWN)
    row = ModerationRule(code=code, position=RULES[code].position, version=0)
    db.session.add(row)
    return row


def _write(code: str, version: int, words: Words) -> None:
    db.session.add_all(
        ModerationRuleText(code=code, version=version, language=language, title=said.title, text=said.text)
        for language, said in words.items()
    )


def _record(actor: Actor, act: Act, detail: dict[str, object]) -> None:
    audit.record(actor, Entry(act, Thing.INSTALLATION, None, detail=detail))
