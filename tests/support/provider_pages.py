"""Pages and claims of the tests' identity provider; imported by Django only."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.html import escape
from oauth2_provider.oauth2_validators import OAuth2Validator

FORM = """<!doctype html><html lang="en"><title>Provider</title><h1>Provider</h1>
<form method="post"><input name="username"><input name="password" type="password">
<input type="hidden" name="csrfmiddlewaretoken" value="{token}">
<input type="hidden" name="next" value="{next}"><button>Sign in</button></form></html>"""


class Login(LoginView):
    """A form without ornaments."""

    def render_to_response(self, _context: Any, **_kwargs: Any) -> HttpResponse:
        return HttpResponse(
            FORM.format(next=escape(self.request.GET.get("next", "")), token=get_token(self.request))
        )


class Validator(OAuth2Validator):
    """Adds address and name to the token."""

    oidc_claim_scope = None

    def get_additional_claims(self, request: HttpRequest) -> dict[str, Any]:
        person: Any = request.user
        return {"email": person.email, "email_verified": True, "name": person.get_full_name()}


urlpatterns = [
    path("login", Login.as_view()),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]
