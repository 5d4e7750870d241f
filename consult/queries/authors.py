"""Under which name a comment is shown: the account's, or the one given with paper, e-mail or meeting."""

import sqlalchemy as sa

from consult.models.channels import InputItem
from consult.models.comments import Comment
from consult.models.people import Person


def author_name() -> sa.Label[str]:
    """Column `author`; needs `Comment`, with `Person` joined outwards. Empty or NULL for nobody named.

    Only where no account speaks is the item of the other channel looked up, by its unique key.
    """
    given = (
        sa.select(InputItem.public_name)
        .where(InputItem.consultation_id == Comment.consultation_id, InputItem.comment_id == Comment.id)
        .correlate(Comment)
        .scalar_subquery()
    )
    return sa.func.coalesce(Person.name, given).label("author")
