"""Saved views of the queue: kept, renamed, removed and brought back, each with its line in the journal."""

import pytest

from otklik.audit.models import AuditLine
from otklik.desk import operations as desk
from otklik.desk.models import SavedView
from tests import cast

pytestmark = pytest.mark.django_db


def _save(account: object, name: str = "Мои", query: str = "view=mine") -> SavedView:
    return desk.save_view(account=account, name=name, query=query, now=cast.NOW)  # type: ignore[arg-type]


def test_a_view_is_kept_and_renamed() -> None:
    by = cast.dispatcher()
    view = desk.rename_view(view=_save(by), name="  Срочные ", by=by, now=cast.NOW)
    view.refresh_from_db()
    assert (view.name, view.query) == ("Срочные", "view=mine")
    assert list(AuditLine.objects.filter(actor_id=by.pk).values_list("verb", flat=True).order_by("pk")) == [
        "save_view",
        "rename_view",
    ]


@pytest.mark.parametrize("name", ["", "   ", "\0"])
def test_a_view_has_a_name(name: str) -> None:
    by = cast.dispatcher()
    view = _save(by)
    with pytest.raises(desk.NamelessView):
        _save(by, name)
    with pytest.raises(desk.NamelessView):
        desk.rename_view(view=view, name=name, by=by, now=cast.NOW)


def test_a_name_is_taken_once_a_person() -> None:
    by, other = cast.dispatcher(), cast.dispatcher()
    _save(by)
    second = _save(by, "Другие")
    with pytest.raises(desk.ViewNameTaken):
        _save(by)
    with pytest.raises(desk.ViewNameTaken):
        desk.rename_view(view=second, name="Мои", by=by, now=cast.NOW)
    assert _save(other).name == "Мои"


def test_a_removal_can_be_undone_unless_the_name_is_taken_since() -> None:
    by = cast.dispatcher()
    view = _save(by)
    desk.remove_view(view=view, by=by, now=cast.NOW)
    assert SavedView.objects.get(pk=view.pk).removed_at == cast.NOW
    desk.bring_back_view(view=view, by=by, now=cast.NOW)
    assert SavedView.objects.get(pk=view.pk).removed_at is None

    desk.remove_view(view=view, by=by, now=cast.NOW)
    _save(by)
    with pytest.raises(desk.ViewNameTaken):
        desk.bring_back_view(view=view, by=by, now=cast.NOW)
