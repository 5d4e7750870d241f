"""Settings, frozen at start: from the environment, a `.env` file and the instance folder."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECRET_KEY_SHORTEST = 32
"""Characters; 32 hexadecimal digits carry 128 bits."""


class SettingError(ValueError):
    """A setting that cannot be used; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations.

    `database_url` is an SQLAlchemy address; `smallest_group` counts people; `is_secure` says that pages are
    served over https, which makes cookies `Secure`.
    """

    database_url: str
    instance: Path
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    redis_url: str | None = None
    smtp_url: str | None = None
    smallest_group: int = 10
    testing: bool = False

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings of this process; makes the instance folder and a secret key in it where there is none.

    Raises:
        SettingError: a value that is malformed, or a secret key that is too weak.
    """
    env = os.environ if environment is None else environment
    instance = _instance_folder(env)
    return Settings(
        database_url=_database_url(
            env.get("CONSULT_DATABASE_URL") or f"sqlite:///{instance / 'consult.sqlite'}"
        ),
        instance=instance,
        secret_key=_secret_key(env, instance),
        base_url=_base_url(env.get("CONSULT_BASE_URL") or "http://127.0.0.1:8000"),
        redis_url=env.get("CONSULT_REDIS_URL") or None,
        smtp_url=env.get("CONSULT_SMTP_URL") or None,
        smallest_group=_smallest_group(env.get("CONSULT_SMALLEST_GROUP") or "10"),
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
