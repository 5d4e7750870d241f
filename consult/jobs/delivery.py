"""Delivering the outbox: one letter after the other, until none is due."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from consult.adapters.mail import Post
from consult.domain.mail import Letter, ServerAway, Undelivered
from consult.services import delivery
from consult.services.delivery import Message

log = logging.getLogger(__name__)

Write = Callable[[Sequence[Message]], Letter | None]
"""The letter of some messages; None where they tell nobody anything any more."""


def deliver_due(
    write: Write, post: Post, *, chance: Callable[[], float], clock: Callable[[], datetime]
) -> int:
    """Hand over every letter that is due; answers how many the post took.

    A letter that cannot be written or handed over is put off and holds nobody else's up; where the whole mail
    server is away the rest stays due. What was handed over but not recorded, because the worker died between
    the two, is sent once more when its lease ends, with the same Message-ID.
    """
    handed_over = 0
    while messages := delivery.take():
        try:
            letter = write(messages)
            if letter is not None:
                post.hand_over(letter, clock())
                handed_over += 1
        except Undelivered as undelivered:
            permanent = undelivered.is_permanent
            delivery.put_off(messages, str(undelivered), is_permanent=permanent, chance=chance())
            log.warning("message %s was not handed over: %s", messages[0].id, undelivered)
            if isinstance(undelivered, ServerAway):
                return handed_over
        except Exception as error:
            # Whatever is wrong with one letter must not keep the others from being sent.
            log.exception("message %s cannot be written", messages[0].id)
            delivery.put_off(messages, type(error).__name__, is_permanent=False, chance=chance())
        else:
            delivery.settle(messages)
    return handed_over
