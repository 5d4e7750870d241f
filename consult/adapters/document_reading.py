"""The child process of `document_child`: bytes on standard input, JSON on standard output, within limits."""

import json
import resource
import sys
from collections.abc import Callable
from typing import Any

from consult.adapters.document_child import DOCX, HTML, PDF
from consult.adapters.docx_text import read_docx
from consult.adapters.html_text import read_html
from consult.adapters.passages import Parsed
from consult.adapters.pdf_text import read_pdf
from consult.domain.errors import Reason, Refused

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 15
OPEN_FILES = 64
READERS: dict[str, Callable[[bytes], Parsed]] = {HTML: read_html, DOCX: read_docx, PDF: read_pdf}


def main() -> None:
    """The child: limits first, then the bytes."""
    _limit()
    _answer(_parsed(READERS[sys.argv[1]], sys.stdin.buffer.read()))


def _limit() -> None:
    for kind, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _parsed(reader: Callable[[bytes], Parsed], content: bytes) -> dict[str, Any]:
    try:
        parsed = reader(content)
    except Refused as refused:
        return {"refused": refused.reason.value, "details": refused.details}
    except (MemoryError, RecursionError):
        return {"refused": Reason.DOCUMENT_TOO_COMPLEX.value, "details": {}}
    return {
        "title": parsed.title,
        "source_url": parsed.source_url,
        "place_name": parsed.place_name,
        "passages": [(each.text, each.place, each.source_line) for each in parsed.passages],
    }


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
