"""`otklik channels connect`: a real page of VK by its key; with 0, a key of the region itself."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext

from otklik.channels import operations
from otklik.channels.enums import CapabilityState, ConnectionState, Intake
from otklik.common.actor import Actor
from otklik.registry import operations as registry
from otklik.registry.models import OfficialPage, Organization

BY = Actor(None, "otklik channels connect")


class Command(BaseCommand):
    """Keys are asked for or read from standard input, never taken from the command line."""

    help = "Подключить сообщество ВКонтакте ключом сообщества; показать, что ключ может."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("group_id", type=int, help="номер сообщества; 0 — задать сервисный ключ региона")
        parser.add_argument(
            "--user-key",
            action="store_true",
            help="с номером 0: ключ сотрудника, которым ищут похожие страницы",
        )
        parser.add_argument("--organization", help="код организации, если страницы ещё нет в реестре")
        parser.add_argument("--title", default="", help="название страницы")
        parser.add_argument(
            "--long-poll", action="store_true", help="спрашивать события самим, без обратных вызовов"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["group_id"] == 0:
            self._keep_key_of_region(user=options["user_key"])
            return
        page = self._page(options)
        intake = Intake.LONG_POLL if options["long_poll"] else Intake.CALLBACK
        connection = operations.connect_page(
            page=page,
            community_token=self._key("Ключ сообщества: "),
            intake=intake,
            by=BY,
            now=timezone.now(),
        )
        for each in connection.capabilities.order_by("code"):
            sign = "есть" if each.state == CapabilityState.ON else f"нет ({each.reason})"
            self.stdout.write(f"{each.code}: {sign}")
        if connection.state != ConnectionState.CONNECTED:
            raise CommandError(
                f"Не подключено: {gettext(connection.problem) or connection.get_state_display()}"
            )
        self.stdout.write(f"Подключено: {page.title}.")

    def _keep_key_of_region(self, *, user: bool) -> None:
        if user:
            operations.set_user_token(value=self._key("Ключ сотрудника: "), by=BY, now=timezone.now())
            self.stdout.write("Ключ сотрудника сохранён: им ищут похожие страницы.")
            return
        operations.set_service_token(value=self._key("Сервисный ключ: "), by=BY, now=timezone.now())
        self.stdout.write("Сервисный ключ сохранён.")

    def _page(self, options: dict[str, Any]) -> OfficialPage:
        number = str(options["group_id"])
        page = OfficialPage.objects.filter(network="vk", external_id=number).first()
        if page is not None:
            return page
        body = Organization.objects.filter(code=options["organization"] or "").first()
        if body is None:
            raise CommandError("Страницы ещё нет в реестре: назовите её организацию, --organization КОД.")
        return registry.add_page(
            organization=body,
            network="vk",
            external_id=number,
            title=options["title"] or body.name[:200],
            url=f"{settings.VK_SITE_URL}/club{number}",
            by=BY,
            now=timezone.now(),
        )

    def _key(self, prompt: str) -> str:
        key = (getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()
        if not key or not key.isascii() or not key.isprintable():
            raise CommandError("Ключ пуст или содержит лишние знаки.")
        return key
