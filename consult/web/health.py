"""For those who run it: does the process live, is it ready."""

from flask import Flask, Response

from consult.domain.errors import Refused
from consult.queries.readiness import why_not_ready
from consult.web.refusals import SENTENCES


def init_app(app: Flask) -> None:
    app.add_url_rule("/healthz", "healthz", _healthz)
    app.add_url_rule("/readyz", "readyz", _readyz)


def _healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


def _readyz() -> Response:
    """Whether the database answers and has every migration; 503 with the reason otherwise."""
    reason = why_not_ready()
    if reason is None:
        return Response("ready\n", mimetype="text/plain")
    return Response(f"{SENTENCES[reason](Refused(reason))}\n", 503, mimetype="text/plain")
