"""Pages of a long list."""

from dataclasses import dataclass

from otklik.portal.finding import LAST_PAGE


@dataclass(frozen=True, slots=True)
class Pager:
    """Where in a list the reader is; `string` holds the other parameters of the address."""

    number: int
    total: int
    size: int
    string: str

    @property
    def last(self) -> int:
        return min(max(1, -(-self.total // self.size)), LAST_PAGE)

    @property
    def first_row(self) -> int:
        """The number of the first row of this page, counted from one, for the list's own numbers."""
        return (self.number - 1) * self.size + 1

    @property
    def before(self) -> str:
        """The address of the page before, or nothing on the first."""
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        """The address of the next page, or nothing on the last."""
        return self._address(self.number + 1) if self.number < self.last else ""

    def _address(self, number: int) -> str:
        return "?" + "&".join(part for part in (self.string, f"page={number}") if part)
