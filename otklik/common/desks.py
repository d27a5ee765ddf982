"""Telling open desks of news: one notification in the transaction that makes the news, sent by its commit."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

CHANNEL = "otklik_desk"


def tell_desks(payload: Mapping[str, Any]) -> None:
    """Notify `CHANNEL`. PostgreSQL refuses a notification of 8000 bytes and more."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, json.dumps(payload, separators=(",", ":"))])
