"""Forms of an official page and of its badge."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from otklik.desk.register_forms.base import LONGEST_REASON, LONGEST_TEXT, RegisterForm, choose_from, day_input
from otklik.registry.enums import BadgeStatus, BadgeType, Network, PageKind, PageTier
from otklik.registry.models import OfficialPage
from otklik.registry.rules.pages import BADGE_MOVES, parse_page_address

NUMBER_NEEDED = _(
    "В ссылке нет номера сообщества. Он виден в его управлении, раздел «Основная информация», "
    "или в ссылке на любую запись: vk.com/wall-123_45, номер 123."
)


def link_values(form: RegisterForm, given: dict[str, Any], network: str) -> dict[str, Any]:
    """The number and the short name that a pasted link tells; what is wrong with it stands in the form."""
    link = str(given.get("url", ""))
    # A simulated network lives at an address of its own.
    found = parse_page_address(link.replace(settings.VK_SITE_URL, "https://vk.com", 1))
    if found is None:
        if link:
            form.add_error("url", _("По этой ссылке не видно страницы сообщества или канала: проверьте её."))
        return {}
    if network and found.network != network:
        label = Network(found.network).label
        form.add_error("url", _("Ссылка ведёт в другую сеть: %(network)s.") % {"network": label})
    known = given.get("external_id") or (
        found.name[:40] if found.name.isdecimal() or found.network != Network.VK else ""
    )
    if not known:
        form.add_error("external_id", NUMBER_NEEDED)
    elif found.network == Network.VK and not known.isdecimal():
        form.add_error("external_id", _("Номер сообщества ВКонтакте состоит из цифр."))
    values = {"external_id": known, "screen_name": "" if found.name.isdecimal() else found.name}
    if found.network == Network.VK and found.name.isdecimal():
        # A link to a post leads to its page.
        values["url"] = f"{settings.VK_SITE_URL}/club{found.name}"
    return values


class PageForm(RegisterForm):
    """An official page; its address is pasted as people have it."""

    held_by = {"screen_name": "url"}

    network = forms.ChoiceField(label=_("Сеть"), choices=Network.choices)
    url = forms.CharField(
        label=_("Ссылка на страницу"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        help_text=_("Скопируйте из адресной строки."),
    )
    external_id = forms.CharField(
        label=_("Номер в сети"),
        max_length=40,
        required=False,
        help_text=_("Если в ссылке есть номер (club123), возьмём его оттуда."),
    )
    title = forms.CharField(label=_("Название страницы"), max_length=200)
    kind = forms.ChoiceField(label=_("Вид страницы"), choices=PageKind.choices)
    person_name = forms.CharField(label=_("Чья личная страница"), max_length=150, required=False)
    person_position = forms.CharField(label=_("Должность"), max_length=200, required=False)
    tier = forms.ChoiceField(label=_("Тип ведения"), choices=PageTier.choices, initial=PageTier.ACTIVE)
    opened_on = forms.DateField(
        label=_("Ведётся с"),
        required=False,
        widget=day_input(),
    )
    component_connected = forms.BooleanField(label=_("Подключена к компоненту «Госпаблики»"), required=False)
    widgets = forms.IntegerField(label=_("Виджетов ПОС"), required=False, min_value=0, max_value=9)
    reason = forms.CharField(
        label=_("Почему меняете"), max_length=LONGEST_REASON, help_text=_("Останется в истории.")
    )

    def __init__(self, *args: Any, page: OfficialPage | None = None, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "reason"]
        if page is not None:
            kwargs["initial"] = {name: getattr(page, name) for name in names}
        super().__init__(*args, **kwargs)
        self.page = page
        if page is None:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Take the number and the short name out of the link."""
        given = super().clean() or self.cleaned_data
        return given | link_values(self, given, given.get("network", ""))

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the model, for the verb; of a change only those the person changed."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        if self.page is None:
            return given
        changed = set(self.changed_data) | (
            {"screen_name", "external_id"} if "url" in self.changed_data else set()
        )
        return {name: value for name, value in given.items() if name in changed}


class BadgeForm(RegisterForm):
    """What became of the badge."""

    held_by = {"badge_type": "type", "badge_status": "status"}

    status = forms.ChoiceField(label=_("Что с меткой"), widget=forms.RadioSelect)
    type = forms.ChoiceField(label=_("Вид метки"), choices=BadgeType.choices, initial=BadgeType.GOSORG)
    on = forms.DateField(
        label=_("Когда"),
        required=False,
        widget=day_input(),
        help_text=_("Если пусто, сегодня."),
    )
    evidence = forms.CharField(
        label=_("Чем подтверждено"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Что и когда вы увидели: «метка стоит в шапке страницы, снимок в письме № 12»."),
    )
    reason = forms.CharField(label=_("Примечание"), max_length=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, page: OfficialPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moves = BADGE_MOVES.get(page.badge_status, frozenset())
        verbs = {
            BadgeStatus.REQUESTED: _("запрошена через Госуслуги"),
            BadgeStatus.CONFIRMED: _("подтверждена: метка видна на странице"),
            BadgeStatus.LOST: _("потеряна: метки на странице больше нет"),
            BadgeStatus.NONE: _("запрос снят или отклонён"),
        }
        offered = [(code, words) for code, words in verbs.items() if code in moves]
        choose_from(self, "status", offered)
        if len(offered) == 1:
            self.initial.setdefault("status", offered[0][0])
        if page.badge_type:
            self.initial.setdefault("type", page.badge_type)
