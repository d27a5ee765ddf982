"""How far a person reaches. Pure."""

from dataclasses import dataclass, field

from otklik.people.rules import Right


@dataclass(frozen=True, slots=True)
class Reach:
    """What an account may do and where: everywhere (`center`), in bodies with their subtree, on single pages.

    `organizations` holds every organisation of the reached subtrees, so a check is one look into a set.
    """

    center: frozenset[Right] = frozenset()
    organizations: dict[int, frozenset[Right]] = field(default_factory=dict)
    pages: dict[int, frozenset[Right]] = field(default_factory=dict)

    def may(self, right: Right, *, organization: int | None = None, page: int | None = None) -> bool:
        """Whether the right holds for something that belongs to this body or came by this page."""
        if right in self.center:
            return True
        if organization is not None and right in self.organizations.get(organization, frozenset()):
            return True
        return page is not None and right in self.pages.get(page, frozenset())

    def may_somewhere(self, right: Right) -> bool:
        """Whether the right holds anywhere at all: decides about a menu entry, never about a thing."""
        held = [self.center, *self.organizations.values(), *self.pages.values()]
        return any(right in rights for rights in held)

    def where(self, right: Right) -> tuple[bool, list[int], list[int]]:
        """(everywhere, ids of organisations, ids of pages) in which the right holds."""
        organizations = [pk for pk, rights in self.organizations.items() if right in rights]
        pages = [pk for pk, rights in self.pages.items() if right in rights]
        return right in self.center, organizations, pages
