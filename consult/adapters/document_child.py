"""Documents with structure are taken apart in a process of their own, which may die without harm.

Parsers of HTML, Word and PDF are written in C and meet files from anywhere. The child has little memory,
little time, no secrets in its environment and cannot write a file; it answers in JSON on its standard
output. A new process is started, not a copy of the server: that one holds threads and connections.
"""

import json
import os
import subprocess
import sys

from consult.adapters.passages import Parsed, Passage
from consult.domain.errors import Reason, Refused

CHILD = "consult.adapters.document_reading"
WALL_SECONDS = 30

HTML, PDF = "text/html", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def parse(content: bytes, media_type: str) -> Parsed:
    """What the reader of this type makes of the bytes, read in a child process.

    Raises:
        Refused: as the reader does; DOCUMENT_TOO_COMPLEX when the child ran out of memory or time, or died.
    """
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module; the type is one of READERS
            [sys.executable, "-P", "-m", CHILD, media_type],
            input=content,
            capture_output=True,
            timeout=WALL_SECONDS,
            env=_environment(),
            check=False,
        )
        answer = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Refused(Reason.DOCUMENT_TOO_COMPLEX) from None
    if "refused" in answer:
        raise Refused(Reason(answer["refused"]), **answer["details"])
    passages = tuple(Passage(*passage) for passage in answer["passages"])
    return Parsed(answer["title"], answer["source_url"], passages, answer["place_name"])


def _environment() -> dict[str, str]:
    """Where modules lie, and nothing else: what a file makes a parser do finds no secret."""
    return {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}
