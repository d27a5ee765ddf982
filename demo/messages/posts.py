"""What official pages publish: news, timetables, greetings, by the sphere of the organisation."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from demo.data.pages import Page
from demo.data.region import CITY_OKTMO
from demo.messages.people import residents
from demo.messages.templates import HERE, Template, fill, load
from demo.messages.words import slots_for

# In these spheres an authority writes about other things than the institutions below it.
ONLY_INSTITUTIONS = frozenset({"education", "health", "culture", "sport", "social"})


@dataclass(frozen=True, slots=True)
class PagePost:
    """One post; `age_hours` is how long before the start of the demonstration it was published."""

    text: str
    photo: str
    age_hours: int


@cache
def templates() -> tuple[Template, ...]:
    """All templates of posts; their `topics` hold the sphere, «*» for every sphere, before the dot."""
    return tuple(each for path in sorted((HERE / "posts").glob("*.txt")) for each in load("posts", path.stem))


def sphere_of(template: Template) -> str:
    """The sphere a template is for."""
    return template.topics[0].partition(".")[0]


def page_posts(page: Page, *, count: int = 3, today: date = date(2026, 11, 16)) -> list[PagePost]:
    """The newest posts of a page, oldest first, all different; the same for the same page and day."""
    random = Random(page.group_id)
    authority = page.body.level in {"regional", "municipal", "center"}
    spheres = {page.body.sphere} if not authority or page.body.sphere not in ONLY_INSTITUTIONS else set()
    if authority:
        spheres.add(f"{page.body.sphere}-body")
    own = [each for each in templates() if sphere_of(each) in spheres]
    common = [each for each in templates() if sphere_of(each) == "*"]
    fitting = [each for each in [*own, *common] if each.fits(today.month)]
    found = []
    for index, template in enumerate(random.sample(fitting, min(count, len(fitting)))):
        slots = slots_for(
            municipality=page.body.municipality or CITY_OKTMO,
            place=None,
            author=residents()[0],
            today=today,
            random=random,
        )
        text = fill(template.text, slots, female=False, random=random)
        found.append(PagePost(text, template.photo, age_hours=(count - index) * 20 - random.randint(0, 12)))
    return found
