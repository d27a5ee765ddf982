"""Making and switching off accounts."""

from datetime import datetime

from django.db import transaction

from otklik.audit import operations as audit
from otklik.common.actor import Actor
from otklik.people.models import Account


@transaction.atomic
def create_account(
    *,
    username: str,
    full_name: str,
    password: str | None,
    by: Actor,
    now: datetime,
    email: str = "",
    position: str = "",
) -> Account:
    """A new account; without a password only single sign-on opens it."""
    account = Account(username=username, full_name=full_name, email=email, position=position, date_joined=now)
    account.set_password(password)
    account.save()
    audit.record(by=by, verb="create_account", subject=account, now=now, username=username)
    return account


@transaction.atomic
def choose_language(*, account: Account, language: str, by: Actor, now: datetime) -> None:
    """The interface in this language from the next page on."""
    if account.language == language:
        return
    account.language = language
    account.save(update_fields=["language"])
    audit.record(by=by, verb="choose_language", subject=account, now=now, language=language)


@transaction.atomic
def switch_off(*, account: Account, by: Actor, now: datetime, reason: str) -> None:
    """Close the account for good: it can log in no more, what it did stays under its name."""
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    account.is_active = False
    account.save(update_fields=["is_active"])
    audit.record(by=by, verb="switch_off_account", subject=account, now=now, reason=reason)
