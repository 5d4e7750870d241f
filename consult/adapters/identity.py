"""An identity provider: OpenID Connect Core 1.0, authorisation code with PKCE (RFC 7636), state and nonce."""

import secrets
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from consult.config import IdentityProvider
from consult.domain.errors import Reason, Refused
from consult.domain.identities import Claims, Journey

TIMEOUT_SECONDS = 10
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384"]
"""Signatures by a key that only the provider holds; never `none`, never our own shared secret."""
LEEWAY_SECONDS = 60


def begin(provider: IdentityProvider, callback: str) -> Journey:
    """Raises Refused(PROVIDER_UNAVAILABLE) when the provider does not describe itself."""
    described = _described(provider)
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    address, state = _client(provider, callback).create_authorization_url(
        described["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    return Journey(address, state, nonce, verifier)


def finish(provider: IdentityProvider, callback: str, journey: Journey, returned: str) -> Claims:
    """Change the code in the address `returned` for the person's claims.

    Raises:
        Refused: PROVIDER_UNAVAILABLE; PROVIDER_REFUSED when state, code, signature, issuer, audience, time or
            nonce do not fit, or the person said no.
    """
    described = _described(provider)
    try:
        token = _client(provider, callback, journey.state).fetch_token(
            described["token_endpoint"],
            authorization_response=returned,
            code_verifier=journey.verifier,
            timeout=TIMEOUT_SECONDS,
        )
        keys = KeySet.import_key_set(_get(described["jwks_uri"]))
        decoded = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS)
        _rules(provider, described, journey).validate(decoded.claims)
    except (AuthlibBaseError, JoseError, KeyError, ValueError) as error:
        raise Refused(Reason.PROVIDER_REFUSED) from error
    except requests.RequestException as error:
        raise Refused(Reason.PROVIDER_UNAVAILABLE) from error
    return _claims(decoded.claims)


def _client(provider: IdentityProvider, callback: str, state: str | None = None) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret,
        scope="openid email profile",
        redirect_uri=callback,
        state=state,
        code_challenge_method="S256",
    )


def _rules(provider: IdentityProvider, described: dict[str, Any], journey: Journey) -> jwt.JWTClaimsRegistry:
    """What the token must say: OpenID Connect Core 1.0, section 3.1.3.7."""
    return jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": described["issuer"]},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": journey.nonce},
    )


def _claims(said: dict[str, Any]) -> Claims:
    is_verified = said.get("email_verified") is True
    return Claims(
        issuer=str(said["iss"])[:300],
        subject=str(said["sub"])[:255],
        email=str(said.get("email") or "") if is_verified else "",
        name=str(said.get("name") or said.get("given_name") or ""),
    )


def _described(provider: IdentityProvider) -> dict[str, Any]:
    """The provider's own description; its issuer must be the one that the operator wrote down."""
    described: dict[str, Any] = _get(provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
    if any(not isinstance(described.get(name), str) for name in needed):
        raise Refused(Reason.PROVIDER_UNAVAILABLE)
    if described["issuer"].rstrip("/") != provider.issuer.rstrip("/"):
        raise Refused(Reason.PROVIDER_REFUSED)
    return described


def _get(address: str) -> Any:
    try:
        answer = requests.get(address, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise Refused(Reason.PROVIDER_UNAVAILABLE) from error
