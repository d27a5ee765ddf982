"""What was closed together, so that opening again opens the same."""

from otklik.registry.models import FieldChange, OfficialPage, Organization


def closed_with(organization: Organization) -> list[OfficialPage]:
    """The pages that were closed in the same stroke as the organisation the last time, and still are."""
    strokes = FieldChange.objects.filter(organization_id=organization.pk, field="is_active", new=False)
    last = strokes.filter(subject_type="registry.organization").order_by("-pk").first()
    if last is None:
        return []
    together = strokes.filter(subject_type="registry.officialpage", at=last.at)
    ids = together.values_list("subject_id", flat=True)
    return list(
        OfficialPage.objects.filter(pk__in=list(ids), organization=organization, is_active=False).order_by(
            "pk"
        )
    )
