"""How people want their mail, messages to addresses that belong to nobody yet, news for many people."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "person", sa.Column("email_frequency", sa.String(30), nullable=False, server_default="digest")
    )
    # Nothing refers to the outbox, so that SQLite may build it anew.
    with op.batch_alter_table("outbox_message") as outbox:
        outbox.add_column(sa.Column("address", sa.String(length=254), nullable=False, server_default=""))
        outbox.add_column(sa.Column("language", sa.String(30), nullable=True))
        outbox.add_column(sa.Column("in_digest", sa.Boolean(), nullable=False, server_default=sa.false()))
        outbox.add_column(sa.Column("given_up_at", moment, nullable=True))
        outbox.alter_column("person_id", existing_type=sa.BigInteger(), nullable=True)
        outbox.drop_index(op.f("ix_outbox_message_sent_at_due_at"))
        outbox.create_index(
            op.f("ix_outbox_message_sent_at_in_digest_due_at"), ["sent_at", "in_digest", "due_at"]
        )
    # What earlier releases wrote nobody delivered; old news is no news any more.
    op.execute("UPDATE outbox_message SET sent_at = created_at WHERE sent_at IS NULL")
    op.create_table(
        "announcement",
        sa.Column("consultation_id", big, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", moment, nullable=False),
        sa.Column("announced_at", moment, nullable=False),
        sa.Column("told_up_to", big, nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_announcement_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "kind", "about", name=op.f("pk_announcement")),
    )
    op.create_index(op.f("ix_announcement_finished_at"), "announcement", ["finished_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_announcement_finished_at"), table_name="announcement")
    op.drop_table("announcement")
    op.execute("DELETE FROM outbox_message WHERE person_id IS NULL")
    with op.batch_alter_table("outbox_message") as outbox:
        outbox.drop_index(op.f("ix_outbox_message_sent_at_in_digest_due_at"))
        outbox.create_index(op.f("ix_outbox_message_sent_at_due_at"), ["sent_at", "due_at"])
        outbox.alter_column("person_id", existing_type=sa.BigInteger(), nullable=False)
        outbox.drop_column("given_up_at")
        outbox.drop_column("in_digest")
        outbox.drop_column("language")
        outbox.drop_column("address")
    op.drop_column("person", "email_frequency")
