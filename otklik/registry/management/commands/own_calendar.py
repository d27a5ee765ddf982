"""`otklik registry own-calendar`: working hours of a body that are not the region's."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from otklik.common.actor import Actor
from otklik.registry import operations
from otklik.registry.models import Organization, WorkCalendar
from otklik.registry.rules.calendars import week_of

BY = Actor(None, "otklik registry own-calendar")


class Command(BaseCommand):
    """May be repeated; the special days of the calendar are loaded by load-calendar."""

    help = "Завести или изменить рабочий календарь и назвать органы, которые по нему работают."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="название календаря, например «Аварийная служба»")
        parser.add_argument(
            "--week", help="«пн-пт 9:00-13:00 14:00-18:00; сб 10:00-14:00» или «круглосуточно»"
        )
        parser.add_argument("--timezone", help="без него — пояс региона")
        parser.add_argument("--organization", action="append", default=[], help="код органа; можно повторять")

    def handle(self, *_args: Any, **options: Any) -> None:
        bodies = [self._body(code) for code in options["organization"]]
        now = timezone.now()
        try:
            with transaction.atomic():
                calendar = self._saved(options)
                for body in bodies:
                    operations.give_calendar(organization=body, calendar=calendar, by=BY, now=now)
        except operations.BadValue as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Календарь «{calendar.name}»: органов, которым он дан сейчас: {len(bodies)}.")

    def _saved(self, options: dict[str, Any]) -> WorkCalendar:
        known = WorkCalendar.objects.filter(name=options["name"]).first()
        if not known and not options["week"]:
            raise CommandError("Назовите часы работы: --week «пн-пт 9:00-13:00 14:00-18:00».")
        region = operations.working_calendar().tz.key
        return operations.save_calendar(
            name=options["name"],
            timezone=options["timezone"] or (known.timezone if known else region),
            week=week_of(options["week"]) if options["week"] or not known else known.week,
            by=BY,
            now=timezone.now(),
        )

    def _body(self, code: str) -> Organization:
        found = Organization.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"Нет организации с кодом {code}.")
        return found
