"""Accounts: made, switched off, never deleted; the language of the interface."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from otklik.audit.models import AuditLine
from otklik.common.actor import SYSTEM
from otklik.people import operations as people
from otklik.people.models import Account
from tests import cast

pytestmark = pytest.mark.django_db


def test_an_account_is_made_with_a_line_and_without_its_password_in_it() -> None:
    made = cast.account(username="belova", password=cast.PASSWORD, email="belova@region.example")
    assert made.check_password(cast.PASSWORD)
    line = AuditLine.objects.get(verb="create_account")
    assert (line.subject_id, line.details) == (made.pk, {"username": "belova"})


def test_without_a_password_only_single_sign_on_opens_an_account() -> None:
    made = cast.account()
    assert not made.has_usable_password()
    assert not Client().login(username=made.username, password="")


def test_one_address_is_one_account() -> None:
    cast.account(email="belova@region.example")
    with pytest.raises(IntegrityError, match="account_email_unique"), transaction.atomic():
        cast.account(email="Belova@Region.example")


def test_many_accounts_may_have_no_address() -> None:
    assert cast.account(email="") != cast.account(email="")


def test_an_account_that_was_switched_off_opens_no_more() -> None:
    someone, client = cast.dispatcher(), Client()
    client.force_login(someone)
    assert client.post("/accounts/language", {"language": "en"}).status_code == 302
    people.switch_off(account=someone, by=SYSTEM, now=cast.NOW, reason="уволена")
    response = client.post("/accounts/language", {"language": "ru"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert Account.objects.get(pk=someone.pk).full_name == someone.full_name
    assert AuditLine.objects.get(verb="switch_off_account").reason == "уволена"


def test_an_account_that_did_something_cannot_be_deleted() -> None:
    by = cast.dispatcher()
    cast.publish(cast.incident(), by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        by.delete()


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/desk/", "/desk/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("", "/"),
        ("/\\evil", "/"),
    ],
)
def test_the_chosen_language_holds_and_the_way_back_is_ours(back: str, leads_to: str) -> None:
    someone, client = cast.dispatcher(), Client()
    client.force_login(someone)
    response = client.post("/accounts/language", {"language": "en", "next": back})
    assert (response.status_code, response["Location"]) == (302, leads_to)
    someone.refresh_from_db()
    assert someone.language == "en"
    assert AuditLine.objects.filter(verb="choose_language").count() == 1
    client.post("/accounts/language", {"language": "en"})
    assert AuditLine.objects.filter(verb="choose_language").count() == 1


@pytest.mark.parametrize("language", ["", "xx", "ru' or 1=1", "../etc"])
def test_a_language_we_do_not_have_is_refused(language: str) -> None:
    client = Client()
    client.force_login(cast.dispatcher())
    assert client.post("/accounts/language", {"language": language}).status_code == 400


@pytest.mark.parametrize(
    ("full_name", "short"),
    [("Мария Крылова", "Мария К."), ("Мария", "Мария"), ("Анна Ивановна Белова", "Анна И.")],
)
def test_a_short_name_fits_a_crowded_screen(full_name: str, short: str) -> None:
    assert Account(full_name=full_name).get_short_name() == short
