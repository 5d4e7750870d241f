"""Reading the topics by which the list of consultations can be narrowed."""

from collections import defaultdict
from dataclasses import dataclass

from consult.domain.languages import Language, Shown, shown
from consult.models.base import db
from consult.models.consultations import Consultation
from consult.models.questions import TopicText
from consult.queries.public_texts import is_public

MOST = 100
"""Topics that are offered, those of the newest consultations."""
MOST_CONSULTATIONS = 1_000


@dataclass(frozen=True)
class ListedTopic:
    """A title under which public consultations ask; `id` is a topic of that title, alike in each language."""

    id: int
    title: Shown


def topics_listed(language: Language) -> tuple[ListedTopic, ...]:
    """The titles of topics of public consultations, each once, in alphabetical order."""
    titles: dict[int, dict[Language, str]] = defaultdict(dict)
    for topic_id, spoken, title in db.session.execute(
        db.select(TopicText.topic_id, TopicText.language, TopicText.title)
        .join(Consultation, Consultation.id == TopicText.consultation_id)
        .where(is_public(), TopicText.title != "")
        .order_by(TopicText.topic_id.desc())
        .limit(MOST * len(Language))
    ):
        titles[topic_id][spoken] = title
    once: dict[str, ListedTopic] = {}
    for topic_id, texts in titles.items():
        title = shown(texts, language)
        once.setdefault(title.text, ListedTopic(topic_id, title))
    return tuple(sorted(once.values(), key=lambda topic: topic.title.text.casefold()))


def consultations_with_topic(topic_id: int) -> tuple[int, ...]:
    """Public consultations that have a topic of the same title, in whichever language; the newest first."""
    titles = db.select(TopicText.title).where(TopicText.topic_id == topic_id, TopicText.title != "")
    rows = db.session.scalars(
        db.select(Consultation.id)
        .distinct()
        .join(TopicText, TopicText.consultation_id == Consultation.id)
        .where(is_public(), TopicText.title.in_(titles))
        .order_by(Consultation.id.desc())
        .limit(MOST_CONSULTATIONS)
    )
    return tuple(rows)
