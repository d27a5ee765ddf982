"""How allauth meets our accounts: staff accounts are made by an administrator, a login never makes one."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class StaffSingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        # Some servers say "false" as a text, which is true to Python: only the word of JSON opens an account.
        said = login.account.extra_data
        claims = said.get("userinfo") or said.get("id_token") or said
        return claims.get("email_verified") is True and bool(super().can_authenticate_by_email(login, email))
