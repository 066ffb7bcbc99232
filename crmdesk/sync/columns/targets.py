"""What a column of a source can become."""

from __future__ import annotations

from dataclasses import dataclass

CUSTOM = "custom:"
"""A target "custom:KEY" is a field that the company made itself."""

NOTHING = ""
"""The column is left out."""


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a customer, as mappings name it.

    Attributes:
        title: As the mapping shows it.
        is_many: Several columns may go there; each value is one more.
    """

    key: str
    title: str
    is_many: bool = False


TARGETS = {
    target.key: target
    for target in (
        Target("name", "Name"),
        Target("given_name", "First name"),
        Target("middle_name", "Middle name"),
        Target("family_name", "Last name"),
        Target("second_family_name", "Second last name"),
        Target("title", "Title before the name"),
        Target("salutation", "How to address them"),
        Target("company", "Company"),
        Target("role", "Role in the company"),
        Target("account_id", "Customer number"),
        Target("external_id", "Id in the other program"),
        Target("number", "Phone, kind by its number", is_many=True),
        Target("number_mobile", "Mobile phone", is_many=True),
        Target("number_work", "Work phone", is_many=True),
        Target("number_home", "Home phone", is_many=True),
        Target("number_switchboard", "Switchboard", is_many=True),
        Target("number_fax", "Fax", is_many=True),
        Target("label_of_number", "Kind of the phone beside it", is_many=True),
        Target("email", "E-mail", is_many=True),
        Target("label_of_email", "Kind of the e-mail beside it", is_many=True),
        Target("extension", "Extension of the phone before it", is_many=True),
        Target("area_code", "Area code of the phone behind it", is_many=True),
        Target("street", "Street", is_many=True),
        Target("house_number", "House number", is_many=True),
        Target("street_more", "Street, further line", is_many=True),
        Target("postcode", "Postcode", is_many=True),
        Target("city", "City", is_many=True),
        Target("country", "Country", is_many=True),
        Target("label_of_address", "Kind of the address (home, work)", is_many=True),
        Target("language", "Language"),
        Target("source", "How they found us"),
        Target("status", "Status"),
        Target("segment", "Segment"),
        Target("customer_since", "Customer since"),
        Target("do_not_call", "Do not call"),
        Target("owner", "Own customer of (agent)"),
        Target("kind", "Person or company"),
        Target("note", "Note", is_many=True),
    )
}
"""All fields but those of the company's own."""
