"""A child process that misbehaves in the way its argument names, under the limits of the real one."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from consult.adapters import document_reading
from consult.adapters.passages import Parsed, Passage


def fill_memory(_content: bytes) -> Parsed:
    kept = [bytearray(64 * 1024 * 1024) for _ in range(1000)]
    return Parsed(None, None, (Passage(str(len(kept)), 1),), "page")


def burn(_content: bytes) -> Parsed:
    while True:
        pass


def sleep(_content: bytes) -> Parsed:
    time.sleep(60)
    raise AssertionError("nobody waits that long")


def crash(_content: bytes) -> Parsed:
    os.abort()


def noise(_content: bytes) -> Parsed:
    sys.stdout.write("not JSON")
    return Parsed(None, None, (), "page")


def look(_content: bytes) -> Parsed:
    """Tell whether the environment holds the canary and whether a file can be written."""
    secret = "a secret" if "canary" in str(os.environ) else "no secret"
    file = Path(__file__).with_suffix(f".{os.getpid()}")
    try:
        file.write_text("x", encoding="utf-8")
        written = "a file"
    except OSError:
        written = "no file"
    file.unlink(missing_ok=True)
    return Parsed(None, None, (Passage(secret, 1), Passage(written, 1)), "page")


STRAINS: dict[str, Callable[[bytes], Parsed]] = {
    "memory": fill_memory,
    "processor": burn,
    "sleep": sleep,
    "crash": crash,
    "noise": noise,
    "look": look,
}

if __name__ == "__main__":
    document_reading.READERS = STRAINS
    document_reading.CPU_SECONDS = 1
    document_reading.main()
