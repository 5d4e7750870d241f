"""Static files under one address per release, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

PRECOMPRESSED = {".br", ".gz"}


def tree_hash(root: Path) -> str:
    """Ten hexadecimal digits over the names and contents of all files below a folder."""
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in PRECOMPRESSED:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def init_app(app: Flask, root: Path) -> None:
    """Serve the folder below `/s/<hash>/`, and give templates `asset(name)`."""
    prefix = f"/s/{tree_hash(root)}/"
    app.jinja_env.globals["asset"] = lambda name: prefix + name
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(root),
        prefix=prefix,
        immutable_file_test=lambda _path, _url: True,
        add_headers_function=_protect,
    )


def _protect(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
