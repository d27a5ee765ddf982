"""`otklik registry set-up`: the region of this deployment, its working week and the days that differ."""

from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.registry import operations
from otklik.registry.models import Region

BY = Actor(None, "otklik registry set-up")


class Command(BaseCommand):
    """May be repeated: a new name or a further year is added, nothing is lost."""

    help = (
        "Завести регион: название, код субъекта, часовой пояс; праздники и переносы этого и следующего года."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="«Новосибирская область»")
        parser.add_argument("--code", required=True, help="код субъекта, например 54")
        parser.add_argument("--timezone", default="Europe/Moscow", help="например Asia/Novosibirsk")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            ZoneInfo(options["timezone"])
        except (KeyError, ValueError, OSError) as error:
            raise CommandError(
                f"Нет такого часового пояса: {options['timezone']}. Пример: Asia/Novosibirsk."
            ) from error
        other = Region.objects.exclude(code=options["code"]).first()
        if other:
            raise CommandError(
                f"Здесь уже работает регион «{other.name}» с кодом {other.code}: в одной установке он один."
            )
        now = timezone.now()
        region = operations.set_up_region(
            name=options["name"], code=options["code"], timezone=options["timezone"], by=BY, now=now
        )
        added = operations.fill_calendar(
            calendar=region.calendar, first=now.year, last=now.year + 1, by=BY, now=now
        )
        self.stdout.write(f"Регион «{region.name}» готов; особых дней в календаре добавлено: {added}.")
