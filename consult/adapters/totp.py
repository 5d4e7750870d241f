"""Authenticator apps: time-based codes, RFC 6238 with SHA-1, six digits and steps of 30 seconds."""

import base64
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP_SECONDS = 30
TOLERATED_STEPS = 1
"""Steps that a telephone's clock may be off, each way: RFC 6238 section 5.2."""


def new_secret() -> str:
    """160 random bits as base32, which people can type where no camera reads the picture."""
    return pyotp.random_base32(32)


def address(secret: str, account: str, issuer: str) -> str:
    """The `otpauth://` address that the picture holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def picture(uri: str) -> str:
    """A QR code as a `data:` address of an SVG."""
    return segno.make(uri, error="m").svg_data_uri(scale=5, border=2, light="#fff", dark="#000")


def step_of(secret: str, code: str, at: datetime, *, after: int) -> int | None:
    """The time step that a code belongs to; None where it is wrong, too old, or not later than step `after`.

    A step is used once, so that a code read over a shoulder is worth nothing: RFC 6238 section 5.2.
    """
    digits = "".join(code.split())
    if not digits.isascii() or not digits.isdigit():
        return None
    current = int(at.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    for step in range(current - TOLERATED_STEPS, current + TOLERATED_STEPS + 1):
        is_right = pyotp.utils.strings_equal(digits, app.generate_otp(step))
        if is_right and step > after:
            return step
    return None


def sealed(secret: str, key: str) -> bytes:
    """The secret as the table keeps it, encrypted; a stolen table without the key makes no codes."""
    return _box(key).encrypt(secret.encode())


def opened(kept: bytes, key: str) -> str | None:
    """The secret again; None where the installation's key is another one."""
    try:
        return _box(key).decrypt(kept).decode()
    except InvalidToken:
        return None


def _box(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"consult totp secrets").derive(
        key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
