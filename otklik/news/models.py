"""What residents comment on: posts, photos, videos and discussions of official pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.registry.models import OfficialPage


class Post(models.Model):
    """An object of a page that carries comments. Known by its number even before its text is."""

    page = models.ForeignKey(OfficialPage, models.CASCADE, related_name="posts")
    place = models.CharField(max_length=8)
    external_id = models.CharField(max_length=40)
    text = models.TextField(_("текст"), blank=True)
    url = models.URLField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    comments_closed = models.BooleanField(default=False)
    comments_seen = models.PositiveIntegerField(default=0)
    # The least that figures of a page need; None where the network did not tell.
    views = models.PositiveIntegerField(null=True)
    likes = models.PositiveIntegerField(null=True)
    reposts = models.PositiveIntegerField(null=True)
    is_repost = models.BooleanField(default=False)
    signs = models.PositiveIntegerField(_("длина текста, знаков"), default=0)
    is_deleted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "place", "external_id"], name="post_unique")]
        indexes = [models.Index(fields=["page", "published_at"], name="post_of_page")]

    def __str__(self) -> str:
        return self.text[:60] or f"{self.place} {self.external_id}"
