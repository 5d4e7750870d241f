"""What others show of us: the pictures of previews, and the card of a question for other sites."""

from flask import Response, g, render_template

from consult.domain.consultations import State
from consult.domain.people import GUEST
from consult.queries import questions
from consult.queries.consultations import ConsultationView
from consult.queries.questions import QuestionView
from consult.services import syndication
from consult.web import headers, outside
from consult.web.formats import instant
from consult.web.i18n import gettext as _
from consult.web.i18n import page_language
from consult.web.public.blueprint import bp
from consult.web.public.consultations import public_consultation

EMBEDDABLE = headers.POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


@bp.get("/c/<slug>/preview.png")
def consultation_preview(slug: str) -> Response:
    view = public_consultation(slug)
    return _picture(above=view.authority.text, title=view.title.text, below=said_of_dates(view))


@bp.get("/c/<slug>/q/<int:number>/preview.png")
def question_preview(slug: str, number: int) -> Response:
    view = public_consultation(slug)
    card = _question(view, number).card
    return _picture(above=view.title.text, title=card.text.text, below=said_of_dates(view))


@bp.get("/c/<slug>/q/<int:number>/embed")
def embed(slug: str, number: int) -> Response:
    """A card that other sites show in a frame: no cookie, no token, no script, the same for everybody."""
    view = public_consultation(slug)
    page = render_template(
        "public/embed.html", consultation=view, question=_question(view, number), dates=said_of_dates(view)
    )
    g.may_be_framed = True
    answer = outside.answer(page, "text/html", keep_seconds=outside.MINUTES)
    answer.headers["Content-Security-Policy"] = EMBEDDABLE
    return answer


def said_of_dates(view: ConsultationView) -> str:
    """When people can take part, or could."""
    if view.state is State.OPEN:
        return _("Open until %(instant)s", instant=instant(view.closes_at))
    if view.state is State.SCHEDULED:
        return _("Opens on %(instant)s", instant=instant(view.opens_at))
    return _("Closed on %(instant)s", instant=instant(view.closes_at))


def _question(view: ConsultationView, number: int) -> QuestionView:
    """As a guest sees it, so that the card of somebody who has voted is no other."""
    return questions.question_at(GUEST, view, number, questions.questions_of(GUEST, view.id, page_language()))


def _picture(*, above: str, title: str, below: str) -> Response:
    content = syndication.preview(above=above, title=title, below=below)
    return outside.answer(content, "image/png", keep_seconds=outside.DAY)
