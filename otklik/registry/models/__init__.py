"""What the register remembers: territory, organisations, pages, passports, look-alikes, brought files, catalogue."""

from otklik.registry.models.catalogue import Collection, SearchEntry, SearchWord
from otklik.registry.models.history import FieldChange
from otklik.registry.models.lookalikes import LookalikePage, LookalikeSearch
from otklik.registry.models.onboarding import OnboardingCase, OnboardingCheck, OnboardingStep
from otklik.registry.models.organizations import (
    Organization,
    OrganizationQuerySet,
    OrganizationType,
    PageObligation,
    Sphere,
)
from otklik.registry.models.pages import Membership, OfficialPage
from otklik.registry.models.passports import (
    CheckNorm,
    PageCheck,
    PageTask,
    PageWeek,
    Passport,
    TaskEvent,
    TierNorm,
)
from otklik.registry.models.places import (
    CalendarDay,
    Municipality,
    OktmoUnit,
    Region,
    Settlement,
    Street,
    WorkCalendar,
)
from otklik.registry.models.tables import Import, ImportFile, ImportRow

__all__ = [
    "CalendarDay",
    "CheckNorm",
    "Collection",
    "FieldChange",
    "Import",
    "ImportFile",
    "ImportRow",
    "LookalikePage",
    "LookalikeSearch",
    "Membership",
    "Municipality",
    "OfficialPage",
    "OktmoUnit",
    "OnboardingCase",
    "OnboardingCheck",
    "OnboardingStep",
    "Organization",
    "OrganizationQuerySet",
    "OrganizationType",
    "PageCheck",
    "PageObligation",
    "PageTask",
    "PageWeek",
    "Passport",
    "Region",
    "SearchEntry",
    "SearchWord",
    "Settlement",
    "Sphere",
    "Street",
    "TaskEvent",
    "TierNorm",
    "WorkCalendar",
]
