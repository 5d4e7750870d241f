"""Settings, frozen at start: from the environment, a `.env` file and the instance folder."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SECRET_KEY_SHORTEST = 32
"""Characters; 32 hexadecimal digits carry 128 bits."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SMTP_SCHEMES = frozenset({"smtp", "smtps", "smtp+starttls"})


class SettingError(ValueError):
    """A setting that cannot be used; the message is one sentence for the operator."""


@dataclass(frozen=True)
class IdentityProvider:
    """An OpenID Connect provider; `label` is what its button says, such as the name of a state service."""

    issuer: str
    client_id: str
    client_secret: str
    label: str


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations.

    `database_url` is an SQLAlchemy address; `smallest_group` counts people; `is_secure` says that pages are
    served over https, which makes cookies `Secure`. `staff_needs_second_factor` may be False in development
    only, that is where pages are served on the loopback interface. `trusted_proxies` counts the proxies in
    front, each of which adds the address it was asked from to `X-Forwarded-For`.
    """

    database_url: str
    instance: Path
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    redis_url: str | None = None
    smtp_url: str | None = None
    mail_from: str | None = None
    smallest_group: int = 10
    staff_needs_second_factor: bool = False
    trusted_proxies: int = 0
    identity_provider: IdentityProvider | None = None
    security_contact: str = ""
    security_txt_days: int = 180
    testing: bool = False

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def takes_passkeys(self) -> bool:
        """Passkeys belong to a host name; a bare network address cannot have any (WebAuthn, RP ID)."""
        return not re.fullmatch(r"[0-9.]+|.*:.*", urlsplit(self.base_url).hostname or "")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_embedded(self) -> bool:
        """Whether everything is in one folder and one process tree: no other server, no other node."""
        return self.is_sqlite and self.redis_url is None

    @property
    def sender_address(self) -> str:
        """Whom mail is from: as set, else `consult@` the host of the pages."""
        host = urlsplit(self.base_url).hostname or "localhost"
        return self.mail_from or f"consult@{'localhost' if host in LOOPBACK else host}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process; makes the instance folder and a secret key in it where there is none.

    Raises:
        SettingError: a value that is malformed, or a secret key that is too weak.
    """
    env = os.environ if environment is None else environment
    instance = _instance_folder(env)
    base_url = _base_url(env.get("CONSULT_BASE_URL") or "http://127.0.0.1:8000")
    return Settings(
        database_url=_database_url(
            env.get("CONSULT_DATABASE_URL") or f"sqlite:///{instance / 'consult.sqlite'}"
        ),
        instance=instance,
        secret_key=_secret_key(env, instance),
        base_url=base_url,
        redis_url=env.get("CONSULT_REDIS_URL") or None,
        smtp_url=_smtp_url(env.get("CONSULT_SMTP_URL")),
        mail_from=_mail_from(env.get("CONSULT_MAIL_FROM")),
        smallest_group=_smallest_group(env.get("CONSULT_SMALLEST_GROUP") or "10"),
        staff_needs_second_factor=_staff_needs_second_factor(env, base_url),
        trusted_proxies=_trusted_proxies(env.get("CONSULT_TRUSTED_PROXIES") or "0"),
        identity_provider=_identity_provider(env),
        security_contact=_security_contact(env.get("CONSULT_SECURITY_CONTACT") or ""),
        security_txt_days=_security_txt_days(env.get("CONSULT_SECURITY_TXT_DAYS") or "180"),
    )


def _instance_folder(env: Mapping[str, str]) -> Path:
    folder = Path(env.get("CONSULT_INSTANCE") or "instance").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"CONSULT_INSTANCE: the folder {folder} cannot be made ({error.strerror})."
        ) from None
    return folder


def _secret_key(env: Mapping[str, str], instance: Path) -> str:
    key = env.get("CONSULT_SECRET_KEY")
    if key:
        if len(key) < SECRET_KEY_SHORTEST or len(set(key)) < 10:  # noqa: PLR2004 - "aaaa…" is no secret
            raise SettingError("CONSULT_SECRET_KEY is too weak: give at least 32 random characters.")
        return key
    file = instance / "secret_key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingError(f"The secret key cannot be kept in {instance} ({error.strerror}).") from None
    made = secrets.token_hex(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(made)
    return made


def _database_url(written: str) -> str:
    if not written.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingError("CONSULT_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    return written


def _base_url(written: str) -> str:
    if not written.startswith(("http://", "https://")):
        raise SettingError("CONSULT_BASE_URL must begin with http:// or https://.")
    return written.rstrip("/")


def _smallest_group(written: str) -> int:
    if not written.isascii() or not written.isdigit() or not int(written):
        raise SettingError("CONSULT_SMALLEST_GROUP must be a whole number of people, 1 or more.")
    return int(written)


def _smtp_url(written: str | None) -> str | None:
    if not written:
        return None
    try:
        parts = urlsplit(written)
        is_usable = parts.scheme in SMTP_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable = False
    if not is_usable:
        raise SettingError(
            "CONSULT_SMTP_URL must be an address such as smtp+starttls://user:password@mail.example.kz:587; "
            "smtp:// and smtps:// are the other two kinds."
        )
    return written


def _mail_from(written: str | None) -> str | None:
    if not written:
        return None
    if not re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", written):
        raise SettingError("CONSULT_MAIL_FROM must be an address such as consult@example.kz.")
    return written


def _staff_needs_second_factor(env: Mapping[str, str], base_url: str) -> bool:
    """Always where others can reach the pages; in development as the setting says, by default not."""
    is_development = urlsplit(base_url).hostname in LOOPBACK
    written = env.get("CONSULT_STAFF_SECOND_FACTOR") or ("optional" if is_development else "required")
    if written not in {"required", "optional"}:
        raise SettingError("CONSULT_STAFF_SECOND_FACTOR must be required or optional.")
    if written == "optional" and not is_development:
        raise SettingError(
            "CONSULT_STAFF_SECOND_FACTOR may be optional only in development, "
            "where CONSULT_BASE_URL begins with http://127.0.0.1 or http://localhost."
        )
    return written == "required"


def _identity_provider(env: Mapping[str, str]) -> IdentityProvider | None:
    issuer = env.get("CONSULT_OIDC_ISSUER")
    if not issuer:
        return None
    client_id = env.get("CONSULT_OIDC_CLIENT_ID")
    client_secret = env.get("CONSULT_OIDC_CLIENT_SECRET")
    if not client_id or not client_secret:
        raise SettingError(
            "CONSULT_OIDC_ISSUER needs CONSULT_OIDC_CLIENT_ID and CONSULT_OIDC_CLIENT_SECRET beside it."
        )
    if not issuer.startswith("https://") and urlsplit(issuer).hostname not in LOOPBACK:
        raise SettingError("CONSULT_OIDC_ISSUER must begin with https://.")
    return IdentityProvider(issuer, client_id, client_secret, env.get("CONSULT_OIDC_LABEL") or "OpenID")


def _security_contact(written: str) -> str:
    """As RFC 9116 wants it: the address of a page or a mailbox, or a telephone number; empty for our own."""
    if written and not written.startswith(("https://", "mailto:", "tel:")):
        raise SettingError("CONSULT_SECURITY_CONTACT must begin with https://, mailto: or tel:.")
    if any(character.isspace() for character in written):
        raise SettingError("CONSULT_SECURITY_CONTACT must be one address without spaces.")
    return written


def _security_txt_days(written: str) -> int:
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= 365:  # noqa: PLR2004
        raise SettingError("CONSULT_SECURITY_TXT_DAYS must be a number of days from 1 to 365.")
    return int(written)


def _trusted_proxies(written: str) -> int:
    if not written.isascii() or not written.isdigit() or int(written) > 9:  # noqa: PLR2004
        raise SettingError("CONSULT_TRUSTED_PROXIES must be the number of proxies in front, 0 to 9.")
    return int(written)
