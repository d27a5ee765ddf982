"""Links of an incident to somebody outside, as the desk shows them: who was asked, who opened, what was answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from otklik.casework.models import ExternalLink, ExternalPhoto, ExternalReply, Incident
from otklik.casework.operations import external, masked
from otklik.desk.access import Desk
from otklik.desk.forms import day_field, end_of

USUAL_DAYS = 3
"""How long a link lives unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A link with its address, while it stands, and everything that came back by it."""

    link: ExternalLink
    address: str
    stands: bool
    opened: int
    replies: list[ExternalReply]


def links_of(incident: Incident, now: datetime) -> list[Asked]:
    """The links of the incident, the newest first. Three queries; photos without their bytes."""
    photos = Prefetch("photos", ExternalPhoto.objects.only("reply", "number").order_by("number"))
    replies = Prefetch("replies", ExternalReply.objects.order_by("pk").prefetch_related(photos))
    found = ExternalLink.objects.filter(incident=incident).select_related("made_by").prefetch_related(replies)
    return [_asked(each, incident, now) for each in found.annotate(opened=Count("openings")).order_by("-pk")]


def _asked(link: Any, incident: Incident, now: datetime) -> Asked:
    stands = link.revoked_at is None and now <= link.answer_by and incident.is_open
    address = f"{settings.BASE_URL}{reverse('portal:outside', args=[external.token_of(link)])}"
    return Asked(link, address if stands else "", stands, link.opened, list(link.replies.all()))


class LinkForm(forms.Form):
    """Whom to ask, about what, until when; what is missing is the verb's to say."""

    addressee = forms.CharField(label=_("Кому"), max_length=200, required=False)
    question = forms.CharField(
        label=_("О чём спрашиваете"),
        max_length=external.LONGEST_QUESTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Это увидят по ссылке вместе с местом и сроком. Имени автора там нет."),
    )
    day = day_field(_("Ответить до какого дня"))

    def given(self, now: datetime) -> dict[str, Any]:
        """The values for the verb."""
        data = self.cleaned_data
        return {
            "addressee": data["addressee"],
            "question": data["question"].replace("\r\n", "\n"),
            "answer_by": end_of(data["day"], now),
        }


def begun(incident: Incident, desk: Desk) -> dict[str, Any]:
    """What the form begins with: the question without personal data, three days."""
    day = desk.now.astimezone(desk.calendar.tz).date() + timedelta(days=USUAL_DAYS)
    return {"question": masked(incident.question), "day": day}
