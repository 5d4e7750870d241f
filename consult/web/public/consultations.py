"""The list of consultations, one consultation, its documents."""

from io import BytesIO

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from consult.domain.errors import Reason, Refused
from consult.domain.people import GUEST
from consult.domain.search import QUERY_LONGEST
from consult.domain.taking_part import minutes_needed
from consult.domain.texts import kept_text
from consult.domain.visibility import Sight
from consult.queries import consultations, documents, following, listed_topics, questions
from consult.queries.attachments import has_attachments
from consult.queries.consultations import ConsultationView, Phase
from consult.services import searching
from consult.web.i18n import page_language
from consult.web.keys import page_key
from consult.web.public.blueprint import bp
from consult.web.session import current_actor


@bp.get("/consultations", endpoint="consultations")
def show_list() -> ResponseReturnValue:
    phase, topic, words = request.args.get("phase", ""), page_key("topic"), wanted_words()
    listed = consultations.list_consultations(
        current_actor(),
        page_language(),
        phase=Phase(phase) if phase in set(Phase) else None,
        before=page_key("before"),
        only=_fitting(words, topic),
    )
    return render_template(
        "public/consultations.html",
        listed=listed,
        phase=phase if phase in set(Phase) else "",
        phases=Phase,
        topics=listed_topics.topics_listed(page_language()),
        wanted_topic=topic,
        wanted_words=words,
    )


def wanted_words() -> str:
    """The words of the address's `q`, as they can be shown again."""
    return " ".join(kept_text(request.args.get("q", "")[: 10 * QUERY_LONGEST]).split())[:QUERY_LONGEST]


def _fitting(words: str, topic: int | None) -> set[int] | None:
    """Consultations that have the words and the topic; None where neither is asked for."""
    about = searching.consultations_about(words, page_language())
    with_topic = None if topic is None else listed_topics.consultations_with_topic(topic)
    if about is None or with_topic is None:
        only = with_topic if about is None else about
        return None if only is None else set(only)
    return set(about) & set(with_topic)


@bp.get("/c/<slug>")
def consultation(slug: str) -> ResponseReturnValue:
    actor, language = current_actor(), page_language()
    found = consultations.consultation_at(actor, slug, language)
    if found.sight is not Sight.FULL:
        return render_template("public/withdrawn.html", consultation=found), 410
    cards = questions.questions_of(actor, found.id, language)
    first = next((card for card in cards if not card.has_taken_part), cards[0] if cards else None)
    return render_template(
        "public/consultation.html",
        consultation=found,
        questions=cards,
        first=first,
        minutes=minutes_needed((card.kind, len(card.text.text)) for card in cards),
        is_followed=following.is_following(actor, found.id),
        documents=documents.documents_of(found.id),
        has_attachments=has_attachments(found.id),
        participants=consultations.participants(found.id),
        done=sum(card.has_taken_part for card in cards),
    )


@bp.get("/c/<slug>/documents/<int:document_id>")
def document(slug: str, document_id: int) -> ResponseReturnValue:
    """The cited file itself, only ever as a download: what is in it must not run on our pages."""
    found = readable(slug)
    filename, content = documents.content_of(found.id, document_id)
    response = send_file(
        BytesIO(content), mimetype="application/octet-stream", as_attachment=True, download_name=filename
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def public_consultation(slug: str) -> ConsultationView:
    """The consultation at an address, as a guest sees it whoever asks.

    Raises:
        Refused: NOT_FOUND where not everybody may read all of it.
    """
    found = consultations.consultation_at(GUEST, slug, page_language())
    if found.sight is not Sight.FULL:
        raise Refused(Reason.NOT_FOUND)
    return found


def readable(slug: str) -> ConsultationView:
    """The consultation at an address, where this reader may read all of it.

    Raises:
        Refused: NOT_FOUND, also for what lies within a withdrawn one.
    """
    found = consultations.consultation_at(current_actor(), slug, page_language())
    if found.sight is not Sight.FULL:
        raise Refused(Reason.NOT_FOUND)
    return found
