"""Documents made by the tests: Word files, PDF with and without text, and archives that mean harm."""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO

import docx

PAGE_WIDTH, PAGE_HEIGHT = 595, 842
LEFT, LEADING, SIZE = 60, 14, 11
Line = str | Sequence[tuple[int, str]]
"""A line of a page: words from the left margin, or (x in points, words) for each of its cells."""


def docx_of(
    paragraphs: Iterable[str], table: Sequence[Sequence[str]] = (), style: str | None = None
) -> bytes:
    """A Word document of plain paragraphs, in a style or not, and then a table."""
    document = docx.Document()
    for words in paragraphs:
        document.add_paragraph(words, style=style)
    if table:
        rows = document.add_table(0, len(table[0]))
        for cells in table:
            for cell, words in zip(rows.add_row().cells, cells, strict=True):
                cell.text = words
    return _saved(document)


def _saved(document: "docx.document.Document") -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def with_parts(content: bytes, **parts: bytes) -> bytes:
    """The same archive with other parts; `document` and `types` name the two that matter."""
    names = {"document": "word/document.xml", "types": "[Content_Types].xml"}
    given = {names.get(name, name): part for name, part in parts.items()}
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *given]):
            new.writestr(name, given[name] if name in given else old.read(name))
    return file.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name)


def pdf_of(pages: Sequence[Sequence[Line]], *, encryption: bytes = b"") -> bytes:
    """A PDF with a text layer. Letters beyond Latin get codes of their own and a table that names them."""
    letters = sorted({letter for page in pages for line in page for letter in _words_of(line)})
    codes = {letter: code for code, letter in enumerate(letters, start=1)}
    streams = [_stream(page, codes) for page in pages]
    return _pdf(streams, _unicode_map(codes), encryption)


def pdf_without_text(pages: int = 1) -> bytes:
    """A scan: every page is a grey rectangle, as a picture would be."""
    return _pdf([b"0.5 g 50 50 400 600 re f"] * pages, b"", b"")


def _words_of(line: Line) -> str:
    return line if isinstance(line, str) else "".join(words for _, words in line)


def _stream(page: Sequence[Line], codes: dict[str, int]) -> bytes:
    shown = []
    for number, line in enumerate(page):
        y = PAGE_HEIGHT - 60 - number * LEADING
        for x, words in [(LEFT, line)] if isinstance(line, str) else line:
            text = "".join(f"{codes[letter]:02x}" for letter in words)
            shown.append(f"BT /F {SIZE} Tf {x} {y} Td <{text}> Tj ET")
    return "\n".join(shown).encode()


def _unicode_map(codes: dict[str, int]) -> bytes:
    pairs = "\n".join(f"<{code:02x}> <{ord(letter):04x}>" for letter, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(codes)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap end end"
    ).encode()


def _pdf(streams: Sequence[bytes], unicode_map: bytes, encryption: bytes) -> bytes:
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(streams)))
    widths = " ".join(["550"] * 255)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(streams)} >>".encode(),
        (
            "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 4 0 R "
            f"/FirstChar 1 /LastChar 255 /Widths [{widths}] >>"
        ).encode(),
        _stream_object(unicode_map),
    ]
    for number, stream in enumerate(streams):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
            f"/Resources << /Font << /F 3 0 R >> >> /Contents {6 + 2 * number} 0 R >>".encode()
        )
        objects.append(_stream_object(stream))
    file, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"/Size {size} /Root 1 0 R".encode() + encryption
    return file + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< ".encode()
        + trailer
        + f" >>\nstartxref\n{len(file)}\n%%EOF\n".encode()
    )


def _stream_object(content: bytes) -> bytes:
    return f"<< /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


LOCKED = (
    b" /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
    b" /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <"
    + b"5a" * 32
    + b"> /U <"
    + b"a5" * 32
    + b"> >>"
)
"""What a PDF says that opens only with a password."""


def zip_of(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()
