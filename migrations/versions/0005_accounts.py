"""Registrations that wait for their confirmation, links by mail, second factors, identities."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
moment = sa.DateTime(timezone=True)


def _person(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_person_id_person")
    return sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.add_column("person", sa.Column("verification", sa.String(30), nullable=False, server_default="email"))
    op.add_column("person", sa.Column("erased_at", moment, nullable=True))
    op.add_column("sign_in_session", sa.Column("last_seen_at", moment, nullable=True))
    op.add_column(
        "sign_in_session",
        sa.Column("has_second_factor", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "registration",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(30), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("next_path", sa.String(length=1000), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_registration")),
    )
    op.create_index(op.f("ix_registration_email"), "registration", ["email"])
    op.create_index(op.f("ix_registration_expires_at"), "registration", ["expires_at"])
    op.create_table(
        "account_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", big, nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("used_at", moment, nullable=True),
        _person("account_link"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_link")),
    )
    op.create_index(op.f("ix_account_link_person_id"), "account_link", ["person_id"])
    op.create_index(op.f("ix_account_link_expires_at"), "account_link", ["expires_at"])
    op.create_table(
        "sign_in_step",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", big, nullable=True),
        sa.Column("challenge", sa.LargeBinary(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        _person("sign_in_step"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_step")),
    )
    op.create_index(op.f("ix_sign_in_step_person_id"), "sign_in_step", ["person_id"])
    op.create_index(op.f("ix_sign_in_step_expires_at"), "sign_in_step", ["expires_at"])
    _factors()


def _factors() -> None:
    op.create_table(
        "totp_device",
        sa.Column("person_id", big, nullable=False),
        sa.Column("secret", sa.LargeBinary(length=200), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("confirmed_at", moment, nullable=True),
        _person("totp_device"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp_device")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", big, nullable=False),
        sa.Column("person_id", big, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2000), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("last_used_at", moment, nullable=True),
        _person("passkey"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"])
    op.create_table(
        "recovery_code",
        sa.Column("person_id", big, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", moment, nullable=True),
        _person("recovery_code"),
        sa.PrimaryKeyConstraint("person_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person_id", big, nullable=False),
        sa.Column("linked_at", moment, nullable=False),
        _person("identity"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identity")),
    )
    op.create_index(op.f("ix_identity_person_id"), "identity", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_identity_person_id"), table_name="identity")
    op.drop_table("identity")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_passkey_person_id"), table_name="passkey")
    op.drop_table("passkey")
    op.drop_table("totp_device")
    op.drop_index(op.f("ix_sign_in_step_expires_at"), table_name="sign_in_step")
    op.drop_index(op.f("ix_sign_in_step_person_id"), table_name="sign_in_step")
    op.drop_table("sign_in_step")
    op.drop_index(op.f("ix_account_link_expires_at"), table_name="account_link")
    op.drop_index(op.f("ix_account_link_person_id"), table_name="account_link")
    op.drop_table("account_link")
    op.drop_index(op.f("ix_registration_expires_at"), table_name="registration")
    op.drop_index(op.f("ix_registration_email"), table_name="registration")
    op.drop_table("registration")
    op.drop_column("sign_in_session", "has_second_factor")
    op.drop_column("sign_in_session", "last_seen_at")
    op.drop_column("person", "erased_at")
    op.drop_column("person", "verification")
