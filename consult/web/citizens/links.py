"""The page behind a link of a letter that no longer works."""

from flask import render_template
from flask.typing import ResponseReturnValue


def expired_link(again_url: str, again: str) -> ResponseReturnValue:
    """For a link that was used, has expired or never was; it says how to get another one."""
    return render_template("citizens/expired_link.html", again_url=again_url, again=again), 410
