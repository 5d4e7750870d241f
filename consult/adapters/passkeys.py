"""Passkeys: the options a browser is given and the check of what it answers, WebAuthn Level 2."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers.exceptions import InvalidJSONStructure, WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from consult.domain.errors import Reason, Refused

LONGEST_ANSWER = 20_000
"""Characters of what a browser sends; real answers have about 1 000 to 3 000."""


@dataclass(frozen=True)
class Site:
    """Whom a passkey is for: the host name of our pages, and their whole origin."""

    host: str
    origin: str

    @classmethod
    def of(cls, base_url: str) -> "Site":
        parts = urlsplit(base_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


@dataclass(frozen=True)
class Asked:
    """What the browser is asked, as JSON, and the challenge that its answer must hold."""

    options: str
    challenge: bytes


@dataclass(frozen=True)
class NewKey:
    """A credential just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_for_new_key(site: Site, person_id: int, account: str, name: str, known: list[bytes]) -> Asked:
    """Options for `navigator.credentials.create`; `known` are credentials the person has already."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Consult",
        user_id=person_id.to_bytes(8, "big"),
        user_name=account,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key) for key in known],
    )
    return Asked(webauthn.options_to_json(options), options.challenge)


def check_new_key(site: Site, challenge: bytes, answer: str) -> NewKey:
    """Raises Refused(PASSKEY_REFUSED) for an answer that is malformed, forged or for another site."""
    try:
        checked = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise Refused(Reason.PASSKEY_REFUSED) from error
    return NewKey(checked.credential_id, checked.credential_public_key, checked.sign_count)


def ask_for_key(site: Site, known: list[bytes]) -> Asked:
    """Options for `navigator.credentials.get`; no `known` keys: whichever the person picks."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        allow_credentials=[PublicKeyCredentialDescriptor(id=key) for key in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(webauthn.options_to_json(options), options.challenge)


def credential_of(answer: str) -> bytes:
    """Which credential an answer speaks of. Raises Refused(PASSKEY_REFUSED) when it cannot be read."""
    try:
        return webauthn.base64url_to_bytes(str(_read(answer)["rawId"]))
    except (WebAuthnException, KeyError, ValueError) as error:
        raise Refused(Reason.PASSKEY_REFUSED) from error


def check_key(site: Site, challenge: bytes, answer: str, public_key: bytes, sign_count: int) -> int:
    """The new counter of a credential that proved itself.

    Raises:
        Refused: PASSKEY_REFUSED, also where the counter went back, which a copied key would make it do.
    """
    try:
        checked = webauthn.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise Refused(Reason.PASSKEY_REFUSED) from error
    return checked.new_sign_count


def _read(answer: str) -> dict[str, object]:
    if len(answer) > LONGEST_ANSWER:
        raise InvalidJSONStructure("the answer is too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise InvalidJSONStructure("the answer is no object")
    return read
