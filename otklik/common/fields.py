"""A text column whose content is encrypted at rest with keys that live outside the database."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class UnreadableSecret(Exception):
    """Секрет зашифрован ключом, которого нет в OTKLIK_FIELD_KEY: верните прежний ключ или введите секрет заново."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    if not keys:
        raise ImproperlyConfigured("OTKLIK_FIELD_KEY is empty: `otklik` generates it at the first start")
    return MultiFernet([Fernet(key) for key in keys])


class EncryptedTextField(models.TextField):
    """Fernet (AES-128-CBC with HMAC-SHA256); the first key encrypts, all of them decrypt, so keys can rotate."""

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return ""
        return _box(tuple(settings.FIELD_KEYS)).encrypt(str(value).encode()).decode("ascii")

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str:
        if not value:
            return ""
        try:
            return _box(tuple(settings.FIELD_KEYS)).decrypt(value.encode("ascii")).decode()
        except InvalidToken as error:
            raise UnreadableSecret from error
