"""The search across consultations, questions and comments."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.domain.errors import Refused
from consult.domain.languages import Language
from consult.domain.search import Kind
from consult.queries.consultations import ConsultationView
from consult.queries.search import Wanted
from consult.services import searching
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.public.blueprint import bp
from consult.web.public.consultations import public_consultation, wanted_words


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what is in it and cannot be used counts as not there."""

    words: str
    kind: Kind | None
    language: Language | None
    within: ConsultationView | None
    page: int

    def url(self, **changed: Any) -> str:
        """The address of this search with some of it changed; the first page unless said otherwise."""
        kept = {
            "q": self.words or None,
            "type": self.kind.value if self.kind else None,
            "in": self.language.value if self.language else None,
            "c": self.within.slug if self.within else None,
        }
        return url_for("public.search", **{**kept, **changed})


@bp.get("/search")
def search() -> ResponseReturnValue:
    asked = _asked()
    found = searching.search(
        asked.words,
        page_language(),
        Wanted(asked.within.id if asked.within else None, asked.language),
        kind=asked.kind,
        page=asked.page,
    )
    return render_template("public/search.html", asked=asked, found=found, kinds=Kind, languages=Language)


def _asked() -> Asked:
    kind, language = request.args.get("type", ""), request.args.get("in", "")
    return Asked(
        words=wanted_words(),
        kind=Kind(kind) if kind in set(Kind) else None,
        language=Language(language) if language in set(Language) else None,
        within=_within(request.args.get("c", "")),
        page=page_key("page") or 1,
    )


def _within(slug: str) -> ConsultationView | None:
    if not slug:
        return None
    try:
        return public_consultation(slug)
    except Refused:
        return None
