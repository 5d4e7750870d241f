"""Verify that the vendored files are the ones in the manifest. Standard library only.

    python .ci/vendor/check.py

Exit status 1 when a file differs, is missing, or lies there unlisted.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "static" / "vendor" / "MANIFEST.json"
FOLDERS = ["static/vendor", "static/fonts", "tests/vendor"]
COMPRESSED = {".br", ".gz"}


def main() -> int:
    """Print each fault on a line of its own."""
    faults = list(find_faults())
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def find_faults() -> Iterator[str]:
    """Compare the files on disk with the manifest, and the manifest with package.json."""
    packages = json.loads(MANIFEST.read_text("utf-8"))["packages"]
    pinned = json.loads((ROOT / ".ci/vendor/package.json").read_text("utf-8"))["dependencies"]
    if pinned != {name: package["version"] for name, package in packages.items()}:
        yield "package.json and the manifest name other versions: run .ci/vendor/vendor.py"
    listed = {name: digest for package in packages.values() for name, digest in package["files"].items()}
    for name, digest in listed.items():
        path = ROOT / name
        if not path.is_file():
            yield f"{name}: missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name}: not the bytes of the manifest"
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and path != MANIFEST and path.suffix not in COMPRESSED and name not in listed:
            yield f"{name}: not in the manifest"


if __name__ == "__main__":
    sys.exit(main())
