"""What an account may be called, and the Unicode tricks that are turned away."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.errors import Reason, Refused
from consult.domain.people import (
    EMAIL_LONGEST,
    GUEST,
    NAME_LONGEST,
    OPERATOR,
    PASSWORD_LONGEST,
    Actor,
    Role,
    check_password,
    display_name,
    email_address,
    role,
)


def reason_of(refused: pytest.ExceptionInfo[Refused]) -> Reason:
    return refused.value.reason


@pytest.mark.parametrize(
    "name",
    [
        "Жібек", "Ivan Петров", "Айгерім Серікқызы", "Dauren O'Neill", "Анна-Мария Söder", "Ұлту Қожа",
        "李小龍", "さくら子", "Ali", "Мария Smith-Иванова",
    ],
)  # fmt: skip
def test_honest_names_of_any_alphabet_pass_unchanged(name: str) -> None:
    assert display_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "\u0430dmin", "Administr\u0430tor", "Иван \u0430dmin", "Mo\u0434erator", "Ivan-\u041fpetrov",
        "\u0391dmin", "\u0555fficial", "Прав\u03bfсудие", "a\u200d\u0430",
    ],
)  # fmt: skip
def test_a_word_of_look_alike_alphabets_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        display_name(name)
    assert reason_of(refused) is Reason.NAME_MISLEADING


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Anna \t\n Karenina  ", "Anna Karenina"),
        ("An\u202ena", "Anna"),
        ("An\u200bna", "Anna"),
        ("An\0na\x1b", "Anna"),
        ("и\u0306од", "йод"),
        ("An\ud800na", "Anna"),
        ("x" * NAME_LONGEST, "x" * NAME_LONGEST),
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(written: str, kept: str) -> None:
    assert display_name(written) == kept


@pytest.mark.parametrize("name", ["", "   ", "\u200b\u202e", "\0", "\ud800", "\ufeff\n"])
def test_a_name_without_a_visible_character_is_missing(name: str) -> None:
    with pytest.raises(Refused) as refused:
        display_name(name)
    assert reason_of(refused) is Reason.NAME_MISSING


def test_a_name_over_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(Refused) as refused:
        display_name("x" * (NAME_LONGEST + 1))
    assert reason_of(refused) is Reason.NAME_TOO_LONG
    assert refused.value.details == {"limit": NAME_LONGEST}


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_is_a_clean_name_or_a_refusal(written: str) -> None:
    try:
        name = display_name(written)
    except Refused:
        return
    assert name == name.strip() == unicodedata.normalize("NFC", name)
    assert not any(unicodedata.category(c)[0] == "C" for c in name)
    assert name.encode()
    assert display_name(name) == name


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Dana@Example.KZ", "dana@example.kz"),
        ("  dana@example.kz\n", "dana@example.kz"),
        ("ｄａｎａ@example.kz", "dana@example.kz"),
        ("a+b.c@sub.example.kz", "a+b.c@sub.example.kz"),
        ("дана@пошта.қаз", "дана@пошта.қаз"),
    ],
)
def test_one_mailbox_is_written_one_way(written: str, kept: str) -> None:
    assert email_address(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "", "dana", "@example.kz", "dana@", "dana@example", "dana@@example.kz", "da na@example.kz",
        "dana@example..kz", "dana@.kz", "a\0b@example.kz", "a\ud800@example.kz", "a\u202eb@example.kz",
        "a\u200bb@example.kz", "a\r\nBcc: x@y.kz", "<dana@example.kz>", "dana@example.kz, b@example.kz",
        "x" * 65 + "@example.kz", "д" * 60 + "@" + ("д" * 60 + ".") * 3 + "kz",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(Refused) as refused:
        email_address(written)
    assert reason_of(refused) is Reason.EMAIL_INVALID


@given(st.text(alphabet=st.characters(), max_size=80).map(lambda local: f"{local}@example.kz"))
def test_any_address_that_passes_can_be_kept_and_stays_itself(written: str) -> None:
    try:
        address = email_address(written)
    except Refused:
        return
    assert len(address.encode()) <= EMAIL_LONGEST
    assert "\0" not in address
    assert email_address(address) == address


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", Reason.PASSWORD_TOO_SHORT),
        ("nine char", Reason.PASSWORD_TOO_SHORT),
        ("x1y2z3" * 40, Reason.PASSWORD_TOO_LONG),
        ("aaaaaaaaaaaa", Reason.PASSWORD_COMMON),
        ("abababababab", Reason.PASSWORD_COMMON),
        ("1234567890", Reason.PASSWORD_COMMON),
        ("QwertyUiop", Reason.PASSWORD_COMMON),
        ("йцукенгшщз", Reason.PASSWORD_COMMON),
        ("dana@example.kz", Reason.PASSWORD_COMMON),
        ("DANA@example.kz", Reason.PASSWORD_COMMON),
    ],
)
def test_a_weak_password_is_refused(password: str, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        check_password(password, email="dana@example.kz")
    assert reason_of(refused) is reason


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "ten chars!", "жылқы батарея", "aB3" * (PASSWORD_LONGEST // 3) + "zz"],
)
def test_a_long_password_of_any_letters_passes(password: str) -> None:
    check_password(password, email="dana@example.kz")


def test_roles_are_told_by_their_code() -> None:
    assert [role(each.value) for each in Role] == list(Role)
    with pytest.raises(Refused) as refused:
        role("king" * 50)
    assert reason_of(refused) is Reason.ROLE_UNKNOWN
    assert refused.value.details == {"code": "kingkingkingkingking"}


@pytest.mark.parametrize(
    ("actor", "guest", "official", "administrator"),
    [
        (GUEST, True, False, False),
        (Actor(None, Role.ADMINISTRATOR), True, False, False),
        (Actor(1), False, False, False),
        (Actor(1, Role.OFFICIAL), False, True, False),
        (Actor(1, Role.ADMINISTRATOR), False, True, True),
        (OPERATOR, False, True, True),
    ],
)
def test_a_role_counts_only_for_somebody(
    actor: Actor, *, guest: bool, official: bool, administrator: bool
) -> None:
    assert (actor.is_guest, actor.is_official, actor.is_administrator) == (guest, official, administrator)
