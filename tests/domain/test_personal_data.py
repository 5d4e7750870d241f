"""What looks like personal data, and what only nearly does."""

import pytest

from consult.domain.personal_data import DataKind, is_card, is_iban, is_iin, personal_data, without


def found(text: str) -> list[tuple[str, str]]:
    return [(passage.kind.value, text[passage.start : passage.end]) for passage in personal_data(text)]


@pytest.mark.parametrize(
    ("text", "kind", "passage"),
    [
        ("Звоните +7 701 123-45-67 вечером", DataKind.PHONE, "+7 701 123-45-67"),
        ("Менің нөмірім 8 (707) 123 45 67.", DataKind.PHONE, "8 (707) 123 45 67"),
        ("тел 87011234567", DataKind.PHONE, "87011234567"),
        ("701-123-45-67", DataKind.PHONE, "701-123-45-67"),
        ("Call +44 20 7946 0958 now", DataKind.PHONE, "+44 20 7946 0958"),
        ("Пишите ivan.petrov@mail.kz!", DataKind.EMAIL, "ivan.petrov@mail.kz"),
        ("ЖСН 870412300129 деп жазыңыз", DataKind.IIN, "870412300129"),
        ("карта 4111 1111 1111 1111", DataKind.CARD, "4111 1111 1111 1111"),
        ("счёт KZ86 125K ZT50 0410 0100", DataKind.ACCOUNT, "KZ86 125K ZT50 0410 0100"),
        ("живёт на ул. Абая 12, кв. 5", DataKind.ADDRESS, "ул. Абая 12, кв. 5"),
        ("ул Кабанбай батыра 11/5", DataKind.ADDRESS, "ул Кабанбай батыра 11/5"),
        ("микрорайон Самал 2, дом 33", DataKind.ADDRESS, "микрорайон Самал 2, дом 33"),
        ("Жүргенов көшесі 15, пәтер 7", DataKind.ADDRESS, "Жүргенов көшесі 15, пәтер 7"),
        ("at 12 Abay Street, flat 3", DataKind.ADDRESS, "12 Abay Street, flat 3"),
    ],
)
def test_a_passage_is_found_whole(text: str, kind: DataKind, passage: str) -> None:
    assert found(text) == [(kind.value, passage)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Бюджет 1 200 000 000 тенге",
        "Сумма 1234567890 тенге на 2016-2017 годы",
        "01.02.2016 10:00 - 12:30",
        "Улица Ленина стала шире, спасибо",
        "Көшеге 15 ағаш керек, 200 метр сайын",
        "площадь 100 кв. м, а не 120 кв. 12 м",
        "В 2015, 2016, 2017, 2018 годах",
        "Номер 870412300120 - не ИИН: контрольная цифра другая",
        "карта 4111 1111 1111 1112",
        "@mention and user@localhost",
        "KZ86 125K ZT50 0410 0101",
    ],
)
def test_what_only_nearly_is_none_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_several_passages_stand_in_the_order_of_the_text_and_never_overlap() -> None:
    text = "a@b.kz, +7 701 123-45-67, ул. Абая 12"
    passages = personal_data(text)
    assert [passage.kind for passage in passages] == [DataKind.EMAIL, DataKind.PHONE, DataKind.ADDRESS]
    assert without(text, passages, "[…]") == "[…], […], […]"
    assert without(text, (), "[…]") == text


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("870412300129", True),
        ("870412300128", False),
        ("871332300129", False),  # there is no thirteenth month
        ("870412900129", False),  # no such century
        ("87041230012", False),
        ("", False),
        ("٨٧٠٤١٢٣٠٠١٢٩", False),
    ],
)
def test_an_individual_number_has_a_date_a_century_and_a_check_digit(digits: str, *, expected: bool) -> None:
    assert is_iin(digits) is expected


def test_check_sums_of_cards_and_accounts() -> None:
    assert is_card("5555555555554444")
    assert not is_card("5555555555554445")
    assert not is_card("1234")
    assert is_iban("kz86 125k zt50 0410 0100")
    assert not is_iban("KZ87125KZT5004100100")
    assert not is_iban("DE89370400440532013000")
