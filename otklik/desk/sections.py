"""The sections of the desk: what the top bar leads to, and whom each concerns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.casework.operations.exchange_export import may_exchange
from otklik.desk.answers.sample_pages import sees_samples
from otklik.desk.answers.within import sees_answers
from otklik.desk.approvals import keeps_approvals
from otklik.desk.decisions.within import sees_decisions
from otklik.desk.moderation.within import decides, sees_moderation
from otklik.desk.security.within import may_erase, sees_reads
from otklik.people.rules import Right
from otklik.registry.rules import Reach


def _sees_incidents(reach: Reach) -> bool:
    return reach.may_somewhere(Right.SEE_INCIDENTS)


def _sees_problems(reach: Reach) -> bool:
    """The centre, and every body by its own."""
    everywhere, organizations, _pages = reach.where(Right.SEE_INCIDENTS)
    return everywhere or bool(organizations)


def _sees_register(reach: Reach) -> bool:
    return reach.may_somewhere(Right.SEE_REGISTRY)


def _sees_many(reach: Reach) -> bool:
    """The centre or a body with what stands below it; whoever runs one page has no use for tables of pages."""
    everywhere, organizations, _pages = reach.where(Right.SEE_REGISTRY)
    return everywhere or bool(organizations)


def _keeps_register(reach: Reach) -> bool:
    return reach.may_somewhere(Right.MANAGE_REGISTRY)


def _sees_triage(reach: Reach) -> bool:
    """Whoever decides on verdicts, and whoever changes what they go by."""
    return reach.may_somewhere(Right.TRIAGE) or Right.MANAGE_TRIAGE in reach.center


def _sees_models(reach: Reach) -> bool:
    """Models are of the whole region, and so are the messages that they learn from."""
    return Right.TRIAGE in reach.center or Right.MANAGE_TRIAGE in reach.center


def _runs_pages(reach: Reach) -> bool:
    """Pages of one's own: the centre may mend any, but none is its own."""
    _everywhere, organizations, pages = reach.where(Right.RUN_PAGE)
    return bool(organizations or pages)


def _brings_history(reach: Reach) -> bool:
    """The history of other systems is of the whole region."""
    return Right.EXCHANGE in reach.center


def _sees_everything(reach: Reach) -> bool:
    """A burst is of a whole municipality: a body would see a part of one."""
    return reach.where(Right.SEE_INCIDENTS)[0]


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the top bar or a tab of one; `prefixes` begin the names of the addresses that belong to it."""

    code: str
    label: Promise
    address: str
    prefixes: tuple[str, ...]
    concerns: Callable[[Reach], bool]
    tabs: "tuple[Section, ...]" = ()

    def holds(self, here: str, named: str = "") -> bool:
        """Whether a page belongs here: by the name of its address, or by the code that its view has `named`."""
        if any(tab.holds(here, named) for tab in self.tabs):
            return True
        if named:
            return named == self.code
        return self.address == f"desk:{here}" or here.startswith(self.prefixes)


# The pages of «Реестр», a tab each.
REGISTER_SECTIONS = (
    Section(
        "organizations",
        _("Организации"),
        "desk:register_organizations",
        ("register_organization", "register_page"),
        _sees_register,
    ),
    Section(
        "onboarding",
        _("Подключение"),
        "desk:register_onboarding",
        ("register_onboarding", "register_case"),
        _sees_many,
    ),
    Section("passports", _("Паспорта"), "desk:register_passports", ("register_passport",), _sees_many),
    Section("coverage", _("Охват"), "desk:register_coverage", ("register_coverage",), _sees_many),
    Section("lookalikes", _("Похожие"), "desk:register_lookalikes", ("register_lookalike",), _keeps_register),
    Section("imports", _("Импорт"), "desk:register_imports", ("register_import",), _keeps_register),
)

# The pages of «Разбор», a tab each.
TRIAGE_SECTIONS = (
    Section("routes", _("Маршруты"), "desk:triage_routes", ("triage_route",), _sees_triage),
    Section("cases", _("Проверка"), "desk:triage_cases", ("triage_case",), _sees_triage),
    Section("proposals", _("Предложения"), "desk:triage_proposals", ("triage_proposal",), _sees_triage),
    Section("topics", _("Темы"), "desk:triage_topics", ("triage_topic",), _sees_triage),
    Section("models", _("Модели"), "desk:triage_models", ("triage_model", "triage_example"), _sees_models),
    Section("surges", _("Всплески"), "desk:triage_surges", ("triage_surge",), _sees_everything),
)

# The pages of «Ответы», a tab each.
ANSWERS_SECTIONS = (
    Section("templates", _("Шаблоны"), "desk:answer_templates", ("answer_template",), sees_answers),
    Section("guides", _("Памятки"), "desk:answer_guides", ("answer_guide",), sees_answers),
    Section("checks", _("Проверка"), "desk:answer_rules", ("answer_rule",), sees_answers),
    Section("samples", _("Выборки"), "desk:answer_samples", ("answer_sample",), sees_samples),
    Section("repeats", _("Повторы"), "desk:answer_repeats", ("answer_repeat",), _sees_incidents),
    Section("ratings", _("Оценки авторов"), "desk:answer_ratings", ("answer_rating",), _sees_incidents),
    Section("contests", _("Возражения органов"), "desk:answer_contests", ("answer_contest",), sees_samples),
)

# The pages of «Модерация», a tab each.
MODERATION_SECTIONS = (
    Section(
        "waiting",
        _("Ждут решения"),
        "desk:moderation",
        ("moderation_waiting", "moderation_message"),
        decides,
    ),
    Section("way", _("Выполняются"), "desk:moderation_way", ("moderation_way",), sees_moderation),
    Section("done", _("Выполнены"), "desk:moderation_done", ("moderation_done",), sees_moderation),
    Section("appeals", _("Жалобы авторов"), "desk:moderation_appeals", ("moderation_appeal",), decides),
    Section("rules", _("Правила"), "desk:moderation_rules", ("moderation_rule",), sees_moderation),
    Section("report", _("Отчёт"), "desk:moderation_report", ("moderation_report",), decides),
)

# The pages of «Решения», a tab each.
DECISIONS_SECTIONS = (
    Section("systemic", _("Системные решения"), "desk:systemic", ("systemic",), sees_decisions),
    Section("fakes", _("Фейки"), "desk:fakes", ("fake",), sees_decisions),
)

# The pages of «Обмен», a tab each.
EXCHANGE_SECTIONS = (
    Section("exports", _("Выгрузка"), "desk:exchange", ("exchange_state",), may_exchange),
    Section("tables", _("Загрузка"), "desk:exchange_tables", ("exchange_table",), _brings_history),
    Section(
        "history", _("История"), "desk:exchange_history", ("exchange_history", "exchange_line"), may_exchange
    ),
)

# The pages of «Безопасность», a tab each.
SECURITY_SECTIONS = (
    Section("reads", _("Кто открывал"), "desk:security_reads", ("security_reads",), sees_reads),
    Section("erasures", _("Требования удалить"), "desk:security_erasures", ("security_erasure",), may_erase),
    Section("holds", _("Запреты удалять"), "desk:security_holds", ("security_hold",), may_erase),
    Section("retention", _("Сроки хранения"), "desk:security_retention", ("security_retention",), may_erase),
)

SECTIONS = (
    Section(
        "queue",
        _("Очередь"),
        "desk:queue",
        (
            "queue",
            "incident",
            "outside",
            "note",
            "mention",
            "photo",
            "contest",
            "repeat",
            "not_repeat",
            "satisfaction",
        ),
        _sees_incidents,
    ),
    Section("late", _("Сроки"), "desk:late", ("late",), _sees_problems),
    Section("mass", _("Массовые"), "desk:mass", ("mass",), _sees_problems),
    Section(
        "moderation",
        _("Модерация"),
        "desk:moderation",
        ("moderation",),
        sees_moderation,
        tabs=MODERATION_SECTIONS,
    ),
    Section(
        "decisions",
        _("Решения"),
        "desk:systemic",
        ("systemic", "fake"),
        sees_decisions,
        tabs=DECISIONS_SECTIONS,
    ),
    Section("triage", _("Разбор"), "desk:triage_routes", ("triage_",), _sees_triage, tabs=TRIAGE_SECTIONS),
    Section(
        "register", _("Реестр"), "desk:register_organizations", (), _sees_register, tabs=REGISTER_SECTIONS
    ),
    Section(
        "answers", _("Ответы"), "desk:answer_templates", ("answer_",), sees_answers, tabs=ANSWERS_SECTIONS
    ),
    Section("exchange", _("Обмен"), "desk:exchange", ("exchange",), may_exchange, tabs=EXCHANGE_SECTIONS),
    Section("approvals", _("Согласование"), "desk:approvals", ("approval",), keeps_approvals),
    Section(
        "security",
        _("Безопасность"),
        "desk:security_reads",
        ("security_",),
        sees_reads,
        tabs=SECURITY_SECTIONS,
    ),
    Section("my_pages", _("Мои страницы"), "desk:register_my_pages", ("register_my",), _runs_pages),
)


class Link(NamedTuple):
    """A section as the top bar shows it, or a page of one as a tab."""

    label: str
    url: str
    current: bool


def links(reach: Reach, here: str, named: str = "", among: tuple[Section, ...] = SECTIONS) -> list[Link]:
    """The sections that concern the person. `here` is the name of the address; a view may have `named` one itself."""
    return [
        Link(str(each.label), reverse(each.address), each.holds(here, named))
        for each in among
        if each.concerns(reach)
    ]
