"""The public site: the catalogue, the check of a page, what can be shared and subscribed to, open data."""

from django.urls import path, register_converter

from otklik.portal.sharing import KINDS
from otklik.portal.views import checking, looking, opendata, outside, places, sharing

app_name = "portal"


class Kind:
    """What can be shared; any other first part of an address is not ours."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Kind, "kind")
urlpatterns = [
    path("", looking.home, name="home"),
    path("language/<slug:code>", looking.language, name="language"),
    path("search", looking.search, name="search"),
    path("org/<int:pk>", looking.organization, name="organization"),
    path("org/<int:pk>/bodies", looking.bodies, name="bodies"),
    path("popular", looking.popular, name="popular"),
    path("places/", places.places, name="places"),
    path("places/<slug:key>", places.place, name="place"),
    path("collections/", places.collections, name="collections"),
    path("collections/<slug:key>", places.collection, name="collection"),
    path("official", checking.official, name="official"),
    path("official/report", checking.report, name="report"),
    path("<kind:kind>/<slug:key>/links", sharing.links, name="links"),
    path("<kind:kind>/<slug:key>/qr.svg", sharing.qr, name="qr"),
    path("<kind:kind>/<slug:key>/poster", sharing.poster, name="poster"),
    path("<kind:kind>/<slug:key>/feed.rss", sharing.feed, name="feed"),
    path("<kind:kind>/<slug:key>/calendar.ics", sharing.calendar, name="calendar"),
    path("o/<str:token>", outside.outside, name="outside"),
    path("opendata/", opendata.about, name="opendata"),
    path("opendata/<slug:name>.csv", opendata.table, name="table"),
    path("opendata/<slug:name>.json", opendata.document, name="document"),
    path("opendata/<slug:name>.schema.json", opendata.schema, name="schema"),
    path("sitemap.xml", opendata.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", opendata.sitemap_part, name="sitemap_part"),
    path("robots.txt", opendata.robots, name="robots"),
]
