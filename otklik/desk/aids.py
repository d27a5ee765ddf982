"""What helps to write an answer, beside the editor: guides, templates with variables filled, similar answers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from otklik.casework import operations as casework
from otklik.casework.enums import TemplateKind
from otklik.casework.models import AnswerTemplate, Incident
from otklik.common.when import moment
from otklik.desk.access import Desk


@dataclass(frozen=True, slots=True)
class Aid:
    """A text that can be put into the answer: what to call it, a line about it, the text itself."""

    key: str
    title: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class Aids:
    """Everything that is offered for an incident."""

    guides: list[AnswerTemplate]
    templates: list[Aid]
    similar: list[Aid]
    # What may stand at the end of any answer.
    ends: list[Aid]

    def of(self, key: str) -> Aid | None:
        """The text under the key; None when it is offered no more."""
        return next((each for each in (*self.templates, *self.similar, *self.ends) if each.key == key), None)


def aids_for(incident: Incident, desk: Desk) -> Aids:
    """Guides, templates and similar answers for the incident: a fixed number of queries."""
    return Aids(
        casework.templates_for(incident, kind=TemplateKind.GUIDE, now=desk.now),
        [_template(each) for each in casework.offers_for(incident, now=desk.now)],
        [_similar(each, desk) for each in casework.similar_answers(incident=incident, now=desk.now)],
        [_ask()],
    )


def _ask() -> Aid:
    """Ask the author, as the last words of a final answer; read by `rules.satisfaction`."""
    text = "Напишите, пожалуйста, решён ли ваш вопрос: «да» или «нет». «Нет» вернёт его в работу."
    return Aid("ask", _("Спросить, решён ли вопрос"), _("для ответов «решено» и «разъяснено»"), text)


def _template(offer: casework.Offer) -> Aid:
    about = _("без согласования") if offer.template.without_approval else ""
    return Aid(f"t{offer.template.pk}", offer.template.title, about, offer.text)


def _similar(found: casework.Similar, desk: Desk) -> Aid:
    answer = found.answer
    body = answer.incident.executor or answer.incident.page.organization
    when = moment(answer.published_at, desk.now) if answer.published_at else ""
    about = ", ".join(part for part in (str(answer.get_resolution_display()), when) if part)
    return Aid(f"a{answer.pk}", str(body), about, found.filled)
