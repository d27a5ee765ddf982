"""Accounts of staff. Residents have none: they are authors in `inbox`."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from otklik.common.actor import Actor


def but_the_name(path: str) -> list[str]:
    """Columns of the account behind `path` that nobody needs to be named: to select one costs more than to read it."""
    unseen = ("password", "last_login", "is_superuser", "email", "is_staff", "is_active", "date_joined")
    return [f"{path}__{name}" for name in (*unseen, "position", "language")]


class Account(AbstractUser):
    """One human of the staff. Switched off by `is_active`, never deleted: the journal names it."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("имя и фамилия"), max_length=150)
    position = models.CharField(_("должность"), max_length=200, blank=True)
    language = models.CharField(
        _("язык"), max_length=5, default="ru", choices=[("ru", "Русский"), ("en", "English")]
    )

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="account_email_unique", condition=~models.Q(email="")
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        """The name as a colleague says it on a crowded screen: «Мария К.»."""
        first, _space, last = str(self).partition(" ")
        return f"{first} {last[0]}." if last else first

    @property
    def actor(self) -> Actor:
        """This account as the author of a change."""
        return Actor(self.pk, str(self))
