"""The text layer of a PDF, line by line with the number of the page; pictures of text have none."""

import re
import sys
import unicodedata
from collections.abc import Iterator
from itertools import islice

import pypdfium2
from pypdfium2 import raw

from consult.adapters.page_lines import Word
from consult.adapters.passages import Parsed, Passage, bounded
from consult.adapters.ruled_tables import Box, grid_of, lines_with_tables
from consult.domain.errors import Reason, Refused

MOST_PAGES = 300
MOST_CHARS = 400_000
MOST_DRAWN = 5_000
MOST_UNREADABLE = 0.3
HYPHENS = {"\x02": "-", "\ufffe": "-", "\u00ad": "-"}
PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|стр\w*\.?|бет)?\s?\d{1,3}(?:\s?(?:/|of|из)\s?\d{1,3})?(?:\s?-?бет)?\W*", re.IGNORECASE
)


def read_pdf(content: bytes) -> Parsed:
    """Read the text layer; scripts, forms, links and files inside are never opened.

    Raises:
        Refused: DOCUMENT_ENCRYPTED, DOCUMENT_DAMAGED; DOCUMENT_TOO_MANY_PAGES with `limit`;
            DOCUMENT_WITHOUT_TEXT for scans and for letters that mean nothing.
    """
    with _open(content) as document:
        if len(document) > MOST_PAGES:
            raise Refused(Reason.DOCUMENT_TOO_MANY_PAGES, limit=MOST_PAGES)
        passages = bounded(_passages(document))
        title = document.get_metadata_value("Title").strip() or None
    _check_readable("".join(passage.text for passage in passages))
    return Parsed(title, None, passages, "page")


def _open(content: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(content)
        len(document)
    except pypdfium2.PdfiumError:
        is_locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
        raise Refused(Reason.DOCUMENT_ENCRYPTED if is_locked else Reason.DOCUMENT_DAMAGED) from None
    if not len(document):
        raise Refused(Reason.DOCUMENT_DAMAGED)
    return document


def _passages(document: pypdfium2.PdfDocument) -> Iterator[Passage]:
    room = MOST_CHARS
    for number in range(len(document)):
        try:
            words = list(_words(document, number, room))
            grid = grid_of(_drawn(document, number)) if words else None
        except pypdfium2.PdfiumError:
            continue
        room -= sum(len(word.text) + 1 for word in words)
        lines = list(lines_with_tables(words, grid))
        yield from (Passage(line, number + 1) for line in [*_without_page_number(lines, document), ""])
        if room <= 0:
            break


def _without_page_number(lines: list[str], document: pypdfium2.PdfDocument) -> list[str]:
    if len(document) == 1:
        return lines
    for at in (-1, 0):
        if lines and PAGE_NUMBER.fullmatch(lines[at]):
            del lines[at]
    return lines


def _drawn(document: pypdfium2.PdfDocument, number: int) -> Iterator[Box]:
    """Where lines and areas are drawn on a page; not what lies within embedded forms."""
    page = document[number]
    try:
        for drawn in islice(page.get_objects([raw.FPDF_PAGEOBJ_PATH], max_depth=1), MOST_DRAWN):
            yield Box(*drawn.get_bounds())
    finally:
        page.close()


def _words(document: pypdfium2.PdfDocument, number: int, room: int) -> Iterator[Word]:
    """Letters of a page, put together where nothing separates them."""
    page = document[number]
    text = page.get_textpage()
    try:
        letters: list[tuple[str, tuple[float, float, float, float]]] = []
        for at in range(min(text.count_chars(), room)):
            letter = _letter(raw.FPDFText_GetUnicode(text, at))
            box = text.get_charbox(at, loose=True) if not letter.isspace() else None
            if box and letters and not _follows(letters[-1][1], box):
                yield _word(letters)
                letters = []
            if box and letter:
                letters.append((letter, box))
            elif letter.isspace() and letters:
                yield _word(letters)
                letters = []
        if letters:
            yield _word(letters)
    finally:
        text.close()
        page.close()


def _letter(code: int) -> str:
    """The letter of a code; "" for none, a blank for what separates, U+FFFD for what no text may hold."""
    letter = chr(code) if 0 < code <= sys.maxunicode else ""
    letter = HYPHENS.get(letter, letter)
    if not letter or letter.isspace():
        return letter and " "
    return "\ufffd" if unicodedata.category(letter) in {"Cs", "Cc", "Co", "Cn"} else letter


def _follows(before: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> bool:
    height = max(before[3] - before[1], 1.0)
    return abs(box[1] - before[1]) < height / 2 and -height < box[0] - before[2] < height / 2


def _word(letters: list[tuple[str, tuple[float, float, float, float]]]) -> Word:
    boxes = [box for _, box in letters]
    return Word(
        "".join(letter for letter, _ in letters),
        min(box[0] for box in boxes),
        max(box[2] for box in boxes),
        min(box[1] for box in boxes),
        max(*(box[3] for box in boxes), min(box[1] for box in boxes) + 1.0),
    )


def _check_readable(text: str) -> None:
    shown = [letter for letter in text if not letter.isspace()]
    letters = sum(1 for letter in shown if letter.isalpha())
    if not letters or shown.count("\ufffd") > MOST_UNREADABLE * len(shown):
        raise Refused(Reason.DOCUMENT_WITHOUT_TEXT)
