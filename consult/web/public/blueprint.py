"""The blueprint on which this audience's views hang."""

from flask import Blueprint

bp = Blueprint("public", __name__, url_prefix="/<any(kk,ru,en):lang>")
