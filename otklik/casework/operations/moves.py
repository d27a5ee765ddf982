"""The table of moves as the database keeps it: a copy of the rules, for the trigger that refuses all others."""

from django.db import transaction

from otklik.casework.models import AllowedMove
from otklik.casework.rules import allowed_pairs


@transaction.atomic
def keep_allowed_moves() -> None:
    """Make the database allow exactly the moves of the rules. Changes nothing when it does already."""
    wanted = allowed_pairs()
    kept = {(each.before, each.after): each for each in AllowedMove.objects.all()}
    missing = sorted(wanted - set(kept))
    AllowedMove.objects.bulk_create(
        (AllowedMove(before=before, after=after) for before, after in missing), ignore_conflicts=True
    )
    AllowedMove.objects.filter(pk__in=[kept[pair].pk for pair in set(kept) - wanted]).delete()
