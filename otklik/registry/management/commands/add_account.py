"""`otklik registry add-account`: a person of the staff, or one more role for a person who is there."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.people import operations as people
from otklik.people.enums import Role
from otklik.people.models import Account
from otklik.registry import operations
from otklik.registry.models import OfficialPage, Organization

BY = Actor(None, "otklik registry add-account")


class Command(BaseCommand):
    """The password is asked for or read from standard input, never taken from the command line."""

    help = "Завести сотрудника с ролью: для центра, для органа с подведомственными или для одной страницы."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("name", help="имя и фамилия")
        parser.add_argument("--role", choices=Role.values, required=True)
        parser.add_argument("--email", default="")
        parser.add_argument("--position", default="", help="должность")
        parser.add_argument("--organization", help="код органа; без него и без страницы роль действует везде")
        parser.add_argument("--page", help="номер сообщества ВКонтакте")
        parser.add_argument("--no-password", action="store_true", help="вход только через единый вход")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        scope = self._scope(options)
        account = Account.objects.filter(username=options["username"]).first()
        if account is None:
            account = people.create_account(
                username=options["username"],
                full_name=options["name"],
                email=options["email"],
                position=options["position"],
                password=None if options["no_password"] else self._password(),
                by=BY,
                now=now,
            )
        operations.grant(account=account, role=options["role"], by=BY, now=now, **scope)
        self.stdout.write(f"{account}: {Role(options['role']).label}.")

    def _scope(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["organization"] and options["page"]:
            raise CommandError("Укажите либо орган, либо страницу.")
        if options["organization"]:
            body = Organization.objects.filter(code=options["organization"]).first()
            if body is None:
                raise CommandError(f"Нет организации с кодом {options['organization']}.")
            return {"organization": body}
        if options["page"]:
            page = OfficialPage.objects.filter(network="vk", external_id=options["page"]).first()
            if page is None:
                raise CommandError(f"Нет страницы с номером {options['page']}: подключите её сначала.")
            return {"page": page}
        return {}

    def _password(self) -> str:
        password = getpass("Пароль: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
