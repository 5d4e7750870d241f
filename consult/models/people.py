"""People, their sign-in sessions, and the proofs by which they sign in."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from consult.domain.languages import Language
from consult.domain.mail import Frequency
from consult.domain.people import LinkPurpose, Role, Verification
from consult.models.base import Base, BigId, UtcDateTime, words_of


class Person(Base):
    """An account. `email` is kept as `domain.people.email_address` makes it, so it is unique as text.

    An erased account stays as an empty shell, so that its votes go on counting: `erased_at` is set, `email`
    is `erased:<id>`, `name` and `password_hash` are empty and nobody can sign in with it. `desk_keys`: single
    letters work as keys at the moderation desk. `blocked_reason`: why an administrator blocked it,
    or empty.
    """

    __tablename__ = "person"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(words_of(Role), index=True)
    language: Mapped[Language] = mapped_column(words_of(Language))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verification: Mapped[Verification] = mapped_column(words_of(Verification), default=Verification.EMAIL)
    email_frequency: Mapped[Frequency] = mapped_column(words_of(Frequency), default=Frequency.DIGEST)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    desk_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    blocked_reason: Mapped[str] = mapped_column(Text, default="", server_default="")


class SignInSession(Base):
    """One sign-in on one device. The token itself is only in the person's cookie; here is its SHA-256."""

    __tablename__ = "sign_in_session"
    __table_args__ = (Index(None, "person_id"),)

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(200), default="")
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    has_second_factor: Mapped[bool] = mapped_column(default=False)


class Registration(Base):
    """An account that waits for its address to be confirmed; the link's token is here as a hash only.

    No person exists before the confirmation, so somebody else's address cannot be taken in advance.
    """

    __tablename__ = "registration"
    __table_args__ = (Index(None, "email"), Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(80))
    language: Mapped[Language] = mapped_column(words_of(Language))
    password_hash: Mapped[str] = mapped_column(String(200))
    next_path: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccountLink(Base):
    """A link sent by mail, to be used once; `email` is the new address where the purpose is its change."""

    __tablename__ = "account_link"
    __table_args__ = (Index(None, "person_id"), Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[LinkPurpose] = mapped_column(words_of(LinkPurpose))
    email: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInStep(Base):
    """A sign-in between password and second factor, or a passkey's challenge; `attempts` counts wrong codes.

    `person_id` is empty while a passkey has yet to say whose it is.
    """

    __tablename__ = "sign_in_step"
    __table_args__ = (Index(None, "person_id"), Index(None, "expires_at"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TotpDevice(Base):
    """A person's authenticator app, RFC 6238. `secret` is sealed; `last_step` refuses a code used before."""

    __tablename__ = "totp_device"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(200))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A WebAuthn credential of a person; the private key never leaves the person's device."""

    __tablename__ = "passkey"
    __table_args__ = (Index(None, "person_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2000))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """One of the codes for the day the second factor is lost; each works once."""

    __tablename__ = "recovery_code"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Identity(Base):
    """A name at an identity provider, linked to the account: issuer and subject of OpenID Connect."""

    __tablename__ = "identity"
    __table_args__ = (Index(None, "person_id"),)

    issuer: Mapped[str] = mapped_column(String(300), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
