"""Static files, compressed, under one address per release, so that browsers may keep them for ever."""

import hashlib
import logging
import shutil
import tempfile
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask, abort, redirect
from flask.typing import ResponseReturnValue
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

PRECOMPRESSED = {".br", ".gz"}
_log = logging.getLogger(__name__)


def tree_hash(root: Path) -> str:
    """Ten hexadecimal digits over the names and contents of all files below a folder."""
    digest = hashlib.sha256()
    for path in files_below(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


def files_below(root: Path) -> list[Path]:
    """Every file as it was written, in order; not what was compressed from it."""
    return [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix not in PRECOMPRESSED]


def init_app(app: Flask, root: Path, cache: Path) -> None:
    """Serve the folder below `/s/<hash>/`, and give templates `asset(name)`.

    `cache` is a folder of the instance in which the compressed files of each release are kept.
    """
    release = tree_hash(root)
    prefix = f"/s/{release}/"
    names = {path.relative_to(root).as_posix() for path in files_below(root)}

    def earlier_release(release_asked: str, name: str) -> ResponseReturnValue:
        """A page of yesterday's release asks for its files: give it today's."""
        if release_asked == release or name not in names:
            abort(404)
        answer = redirect(prefix + name, 302)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    app.jinja_env.globals["asset"] = lambda name: prefix + name
    app.add_url_rule("/s/<release_asked>/<path:name>", "earlier_release", earlier_release)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(compressed(root, cache / release)),
        prefix=prefix,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_protect,
    )


def compressed(root: Path, target: Path) -> Path:
    """A copy of a folder with `.br` and `.gz` beside each text, made where it is not there yet.

    Answers the folder itself where nothing can be written: the files then go out as they are.
    """
    if target.is_dir():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as workplace:
            made = Path(workplace) / target.name
            shutil.copytree(root, made)
            _compress(made)
            made.rename(target)  # at once: another process sees all of it or nothing
    except OSError as error:
        if not target.is_dir():
            _log.warning("static files are served uncompressed: %s", error)
            return root
    return target


def _compress(folder: Path) -> None:
    compressor = Compressor(quiet=True)
    for path in files_below(folder):
        if compressor.should_compress(path.name):
            compressor.compress(str(path))


def _protect(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
