"""What the verbs of reports of fakes refuse, in words, and the words of their history."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from otklik.casework.operations import NeedsReason, StaleCard, fake_links, fakes
from otklik.casework.rules import fakes as rules
from otklik.desk.facts import message
from otklik.desk.register_forms.base import RegisterForm

FACTS = (
    NeedsReason,
    StaleCard,
    rules.IllegalFakeStep,
    rules.OwnReport,
    rules.NeedsFinding,
    rules.NeedsSource,
    rules.UnknownVerdict,
    fakes.StatementIsEmpty,
    fakes.SeenLater,
    fakes.RebuttalIsEmpty,
    fake_links.LinkKnown,
    fake_links.NotHere,
    fake_links.NothingToPublish,
    fake_links.PublishedLater,
    fake_links.PublicationKnown,
)
# Beside which field of the form a refusal stands.
BESIDE: dict[type[Exception], str] = {
    NeedsReason: "reason",
    rules.NeedsFinding: "truth",
    rules.NeedsSource: "source",
    fakes.StatementIsEmpty: "statement",
    fakes.SeenLater: "first_seen",
    fakes.RebuttalIsEmpty: "text",
    fake_links.LinkKnown: "links",
    fake_links.PublishedLater: "published_on",
    fake_links.PublicationKnown: "address",
}
STEPS = {
    "report_fake": _("Записано"),
    "change_fake": _("Изменено"),
    "take_fake": _("Взято на проверку"),
    "judge_fake": _("Проверено"),
    "close_fake": _("Закрыто: это мнение"),
    "reopen_fake": _("Открыто снова"),
    "write_rebuttal": _("Написано опровержение"),
    "publish_rebuttal": _("Опровержение опубликовано"),
    "withdraw_publication": _("Публикация убрана"),
    "add_fake_links": _("Добавлены ссылки"),
    "remove_fake_link": _("Ссылка убрана"),
}


def accepted(form: RegisterForm, verb: Callable[[], object]) -> bool:
    """Whether the form is right and the verb was done; what it refused stands in the form."""
    if not form.is_valid():
        return False
    try:
        verb()
    except FACTS as fact:
        field = BESIDE.get(type(fact))
        form.add_error(field if field in form.fields else None, message(fact))
        return False
    return True


def done(request: HttpRequest, verb: Callable[[], object]) -> bool:
    """Whether the verb was done; what it refused is said above the next page."""
    try:
        verb()
    except FACTS as fact:
        messages.error(request, message(fact))
        return False
    return True
