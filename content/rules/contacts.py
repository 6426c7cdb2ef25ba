"""Where offices declare how they are reached."""

from content.models import Edition


def declared_contacts(edition: Edition) -> tuple[str, ...]:
    """The texts in which an edition's offices declare how they are reached.

    Source: decisions (contacts of offices are public and exempt from the personal-data gate).
    """
    organ = edition.document.organ
    return (
        organ.phone or "", organ.supervision_phone or "", organ.address or "",
        getattr(edition, "contact_phone", "") or "", getattr(edition, "supervision_phone", "") or "",
        getattr(edition, "handling_place", "") or "",
    )  # fmt: skip
