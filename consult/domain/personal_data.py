"""Finding personal data in a text: each hit is a suggestion to a moderator, nothing is decided by it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DataKind(StrEnum):
    """What a passage seems to be."""

    EMAIL = "email"
    PHONE = "phone"
    IIN = "iin"
    CARD = "card"
    ACCOUNT = "account"
    ADDRESS = "address"


@dataclass(frozen=True)
class Passage:
    """A place in a text, from `start` to before `end`, in characters."""

    start: int
    end: int
    kind: DataKind


_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_IBAN = re.compile(r"\bKZ ?\d{2}(?: ?[0-9A-Z]{1,4}){3,8}\b", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.,])\+?\d(?:[ \t\u00a0().\u2010-\u2014-]{0,3}\d){8,18}(?!\w)")
_STREET = (
    r"(?:улиц[аыеу]|ул|проспект[аеу]?|пр-т|пр|переул[а-я]{1,4}|пер|микрорайон[а-я]{0,2}|мкр-?н?"
    r"|бульвар[а-я]{0,2}|көше(?:сі|сінде|сінің)?|даңғыл[а-яіы]{0,5}|шағын ?аудан[а-яіы]{0,5})"
)
_NAME = r"[А-ЯЁӘҒҚҢӨҰҮҺІ][\w-]{1,30}"
_NAMES = rf"{_NAME}(?:\s(?:{_NAME}|батыра?|би|хана?|жырау)){{0,2}}"
_HOUSE = r"(?i:(?:дом|д|үй|уй)\.?\s?)?\d{1,4}(?:[/-]\d{1,3})?(?i:\s?[а-яa-z])?\b"
_HOUSE_TOO = r"(?:,?\s?(?i:дом|д|үй|уй)\.?\s?\d{1,4})?"
_DOOR = r"(?:[\s,]{1,3}(?i:кв|квартира|пәтер|оф|офис)\.?\s?\d{1,4})?"
_ADDRESSES = (
    re.compile(rf"\b(?i:{_STREET})\.?\s{{0,3}}{_NAMES}[\s,]{{1,3}}{_HOUSE}{_HOUSE_TOO}{_DOOR}"),
    re.compile(rf"\b{_NAMES}\s(?i:{_STREET})[\s,]{{1,3}}{_HOUSE}{_DOOR}"),
    re.compile(
        r"\b\d{1,4}[a-z]?,? (?:[A-Z][\w-]{1,30} ){1,3}(?i:street|avenue|road|lane)\b"
        r"(?:,? (?i:apartment|apt|flat)\.? ?\d{1,4})?"
    ),
    re.compile(r"\b(?i:кв|квартира|пәтер|apartment|flat)\.? ?\d{1,4}\b(?! ?(?:м|га|км))"),
)


def personal_data(text: str) -> tuple[Passage, ...]:
    """Passages that may be somebody's, in the order of the text, none inside another; the first rule wins."""
    taken: list[Passage] = []
    for passage in _found(text):
        if all(passage.end <= other.start or passage.start >= other.end for other in taken):
            taken.append(passage)
    return tuple(sorted(taken, key=lambda passage: passage.start))


def without(text: str, passages: tuple[Passage, ...], instead: str) -> str:
    """The text with each passage replaced by a visible mark."""
    parts, at = [], 0
    for passage in passages:
        parts += [text[at : passage.start], instead]
        at = passage.end
    return "".join((*parts, text[at:]))


def _found(text: str) -> Iterator[Passage]:
    for hit in _EMAIL.finditer(text):
        yield Passage(*hit.span(), DataKind.EMAIL)
    for hit in _IBAN.finditer(text):
        if is_iban(hit.group()):
            yield Passage(*hit.span(), DataKind.ACCOUNT)
    for hit in _DIGITS.finditer(text):
        kind = _kind_of_number(hit.group())
        if kind:
            yield Passage(*hit.span(), kind)
    for pattern in _ADDRESSES:
        for hit in pattern.finditer(text):
            yield Passage(*hit.span(), DataKind.ADDRESS)


def _kind_of_number(written: str) -> DataKind | None:
    digits = re.sub(r"\D", "", written)
    if not written.startswith("+") and is_iin(digits):
        return DataKind.IIN
    if is_telephone(written):
        return DataKind.PHONE
    return DataKind.CARD if is_card(digits) else None


def is_telephone(written: str) -> bool:
    """A number with its country's code, or as Kazakhstan dials it: 8 or 7 and ten digits, or ten from 7."""
    digits = re.sub(r"\D", "", written)
    if written.lstrip().startswith("+"):
        return 10 <= len(digits) <= 15  # noqa: PLR2004 - E.164, without the shortest countries
    if len(digits) == 11:  # noqa: PLR2004
        return digits[0] in "78" and digits[1] in "3479"
    # Ten digits without a country's code look like a sum; the blanks of a telephone number tell it.
    return bool(re.fullmatch(r"\(?7\d\d\)?[ .-]+\d{3}[ .-]?\d\d[ .-]?\d\d", written.strip()))


_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_CENTURIES: Mapping[str, int] = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


def is_iin(digits: str) -> bool:
    """Whether twelve digits are an individual identification number: date, century and check digit fit.

    The check digit is the sum of the first eleven, each times its place, modulo 11; where that gives 10 the
    second row of weights is taken, and a number that gives 10 again was never given out.
    """
    if not re.fullmatch(r"[0-9]{12}", digits) or digits[6] not in _CENTURIES:
        return False
    try:
        date(_CENTURIES[digits[6]] + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    for weights in _WEIGHTS:
        check = sum(int(digit) * weight for digit, weight in zip(digits[:11], weights, strict=True)) % 11
        if check < 10:  # noqa: PLR2004 - a digit
            return check == int(digits[11])
    return False


def is_card(digits: str) -> bool:
    """Whether 13 to 19 digits could be a payment card: the first is 2 to 6, and Luhn's sum fits."""
    if not re.fullmatch(r"[2-6][0-9]{12,18}", digits):
        return False
    doubled = (int(digit) * 2 if place % 2 else int(digit) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0  # noqa: PLR2004


def is_iban(written: str) -> bool:
    """Whether it is an account number of Kazakhstan: 20 characters whose remainder by 97 is 1 (ISO 13616)."""
    plain = "".join(written.split()).upper()
    if not re.fullmatch(r"KZ[0-9]{5}[0-9A-Z]{13}", plain):
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1
