"""`otklik registry reindex`: what the search looks into, made anew from the register."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from otklik.registry.operations import searching


class Command(BaseCommand):
    """Searching goes on meanwhile; the timetable does the same every night."""

    help = "Собрать поиск по каталогу заново (делается и само, каждую ночь)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        began = time.monotonic()
        entries = searching.rebuild(now=timezone.now())
        self.stdout.write(f"записей в поиске: {entries}; заняло {time.monotonic() - began:.0f} с")
