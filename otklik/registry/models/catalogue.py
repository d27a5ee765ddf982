"""What the catalogue for residents is made of besides the register itself."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.models.organizations import Organization
from otklik.registry.models.pages import OfficialPage


class Collection(models.Model):
    """A set of pages for a profession or an interest: «учителю», «культура рядом». Chosen by types and spheres."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("название"), max_length=100)
    about = models.CharField(_("для кого"), max_length=300, blank=True)
    types = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    spheres = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    # Pages put in by hand, first in the list.
    pinned = models.ManyToManyField(OfficialPage, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_shown = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.title


class SearchEntry(models.Model):
    """An organisation, or a personal page of an official, as the search knows it. Rebuilt from the register."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="search_entries")
    # Empty for the organisation itself.
    page = models.ForeignKey(OfficialPage, models.CASCADE, null=True, related_name="search_entries")
    # The keys of the name itself, abbreviations resolved; what a query leaves unsaid of them counts against a hit.
    core = ArrayField(models.CharField(max_length=40), default=list)
    # All keys it is found by; those of the name carry the label A.
    words = SearchVectorField()
    # What stands first among equals: the level and the audience.
    weight = models.FloatField(default=0)
    built_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "page"], name="search_entry_unique", nulls_distinct=False
            )
        ]
        indexes = [
            GinIndex(fields=["words"], name="search_entry_words"),
            models.Index(fields=["-weight"], name="search_entry_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.page_id or ''}"


class SearchWord(models.Model):
    """A key of the entries: how many have it, how it is shown, and by what a misspelt one is found.

    The empty word stands in every entry.
    """

    word = models.CharField(max_length=40, unique=True)
    entries = models.PositiveIntegerField(default=0)
    shown = models.CharField(max_length=40, blank=True)
    # The word with each of its letters left out, and as it is heard.
    near = ArrayField(models.CharField(max_length=44), default=list)

    class Meta:
        indexes = [GinIndex(fields=["near"], name="search_word_near")]

    def __str__(self) -> str:
        return self.word
