"""Codes and labels of the region's register."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Network(models.TextChoices):
    VK = "vk", _("ВКонтакте")
    OK = "ok", _("Одноклассники")
    TELEGRAM = "telegram", _("Телеграм")
    MAX = "max", "MAX"


class OrgLevel(models.TextChoices):
    REGIONAL = "regional", _("регион")
    MUNICIPAL = "municipal", _("муниципалитет")
    INSTITUTION = "institution", _("учреждение")
    UTILITY = "utility", _("ресурсная или управляющая организация")
    CENTER = "center", _("центр управления регионом")


class PageKind(models.TextChoices):
    ORGANISATION = "organisation", _("страница организации")
    PERSONAL = "personal", _("личная страница")


class MunicipalityKind(models.TextChoices):
    CITY = "city", _("городской округ")
    DISTRICT = "district", _("муниципальный район")
    OKRUG = "okrug", _("муниципальный округ")
