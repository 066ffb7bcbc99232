"""A real slapd, only read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crmdesk.domain.importing import SourceKind
from crmdesk.sync.columns.guessing import guess
from crmdesk.sync.importing import guessed_profile
from crmdesk.sync.ldap.directory import Directory, DirectoryPlace
from crmdesk.sync.ldap.source import LdapSource, read_attributes
from crmdesk.sync.server import ServerError, State, read_again
from tests.fakes.real_slapd import (
    LIMITED,
    MANY,
    PASSWORD,
    READER,
    SUFFIX,
    WINDOWS,
    Slapd,
    real_slapd,
)

PEOPLE = f"ou=people,{SUFFIX}"


@pytest.fixture(scope="module")
def slapd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    with real_slapd(tmp_path_factory.mktemp("slapd")) as server:
        yield server


@pytest.fixture
def place(slapd: Slapd) -> DirectoryPlace:
    return DirectoryPlace(
        "127.0.0.1", "ldaps", slapd.tls_port, READER, PASSWORD, str(slapd.ca_file)
    )


def test_reads_a_person_with_several_numbers(place: DirectoryPlace) -> None:
    with LdapSource(place, PEOPLE, "(cn=Zoë Müller)") as source:
        (record,) = source.records()
    assert source.facts.kind is SourceKind.LDAP
    values = dict(zip((c.name for c in source.facts.columns), record.values, strict=True))
    assert values["cn"] == "Zoë Müller"
    assert values["telephoneNumber"] == "+49 30 23125 100"
    assert values["telephoneNumber (3)"] == "; ".join(f"+49 30 23125 10{n}" for n in (2, 3, 4))
    assert (values["mobile"], values["mobile (2)"]) == ("+49 171 39 20 001", "")
    assert (values["mail"], values["mail (2)"]) == ("zoe@example.com", "z.m@example.com")
    assert (values["l"], values["title"], values["o"]) == ("Berlin", "Buyer", "Example Ltd")
    assert len(record.key) == 36  # entryUUID
    targets = guess(source.facts.columns)
    assert (targets["cn"], targets["givenName"], targets["sn"]) == (
        "name",
        "given_name",
        "family_name",
    )
    assert targets["telephoneNumber (3)"].startswith("number")
    assert targets["mail (2)"] == "email"


def test_all_pages_and_the_same_keys_each_time(place: DirectoryPlace) -> None:
    with LdapSource(place, PEOPLE) as source:
        first = list(source.records())
        second = list(source.records())
    assert len(first) == MANY + 1
    assert len({record.key for record in first}) == MANY + 1
    assert first == second


def test_starttls(place: DirectoryPlace, slapd: Slapd) -> None:
    place = replace(place, security="starttls", port=slapd.plain_port)
    with LdapSource(place, PEOPLE, "(sn=7)") as source:
        assert [record.values[0] for record in source.records()] == ["Person 7"]


def test_without_tls_on_this_machine(place: DirectoryPlace, slapd: Slapd) -> None:
    place = replace(place, security="none", port=slapd.plain_port)
    with LdapSource(place, PEOPLE, "(sn=7)") as source:
        assert len(list(source.records())) == 1


@pytest.mark.parametrize("security", ["ldaps", "starttls"])
def test_unknown_certificate_is_refused(place: DirectoryPlace, slapd: Slapd, security: str) -> None:
    port = slapd.tls_port if security == "ldaps" else slapd.plain_port
    with pytest.raises(ServerError, match=r"not trusted.*No password was sent"):
        Directory(replace(place, security=security, port=port, ca_file=""))


@pytest.mark.parametrize("security", ["ldaps", "starttls"])
def test_certificate_for_another_name_is_refused(
    place: DirectoryPlace, slapd: Slapd, security: str
) -> None:
    port = slapd.tls_port if security == "ldaps" else slapd.plain_port
    with pytest.raises(ServerError, match="for another name than localhost"):
        Directory(replace(place, security=security, port=port, host="localhost"))


def test_wrong_password(place: DirectoryPlace) -> None:
    with pytest.raises(ServerError, match="refuses the login"):
        Directory(replace(place, password="wrong"))


def test_tls_port_without_tls(place: DirectoryPlace, slapd: Slapd) -> None:
    with pytest.raises(ServerError, match=r"127\.0\.0\.1"):
        Directory(replace(place, security="none"))
    with pytest.raises(ServerError, match=r"does not speak TLS|cannot be reached"):
        Directory(replace(place, port=slapd.plain_port))


def test_limit_of_the_server_is_told_and_not_taken_for_the_end(place: DirectoryPlace) -> None:
    with pytest.raises(ServerError, match="not give all"):
        LdapSource(replace(place, user=LIMITED), PEOPLE)


def test_referrals_are_not_followed(place: DirectoryPlace) -> None:
    with LdapSource(place, SUFFIX, "(sn=7)") as source:
        assert len(list(source.records())) == 1
    assert "not followed" in source.facts.notes[0]
    with pytest.raises(ServerError, match="another server, which is not asked"):
        LdapSource(place, f"ou=elsewhere,{SUFFIX}")


def test_base_and_filter_that_are_none(place: DirectoryPlace) -> None:
    with pytest.raises(ServerError, match=r"There is no 'ou=nobody"):
        LdapSource(place, f"ou=nobody,{SUFFIX}")
    with pytest.raises(ServerError, match="filter of the profile is none"):
        LdapSource(place, PEOPLE, "(sn=7")
    with pytest.raises(ServerError, match="refuses the search"):
        LdapSource(place, "this is no name")


def test_nothing_can_be_written(place: DirectoryPlace) -> None:
    with Directory(place) as directory, pytest.raises(Exception, match="read-only"):
        directory._connection.delete(f"cn=Person 1,{PEOPLE}")


def _run(place: DirectoryPlace, state: State | None = None) -> tuple[LdapSource, list[str]]:
    with LdapSource(place, PEOPLE, "(sn=4*)", state=state) as source:
        names = [column.name for column in source.facts.columns]
        return source, [record.values[names.index("cn")] for record in source.records()]


def test_second_run_brings_only_what_changed_and_says_what_is_gone(
    place: DirectoryPlace, slapd: Slapd
) -> None:
    first, names = _run(place)
    assert len(names) == 61
    again, names = _run(place, first.state())
    assert (names, again.removed) == ([], ())
    assert again.facts.details["known entries"] == "61"

    one, two, three = (f"cn=Person {n},{PEOPLE}" for n in (40, 41, 42))
    slapd.change(
        lambda admin: admin.modify(one, {"mobile": [("MODIFY_ADD", ["+49 171 39 20 002"])]}),
        lambda admin: admin.modify_dn(two, "cn=Person 41 Smith"),
        lambda admin: admin.delete(three),
    )
    changed, names = _run(place, again.state())
    assert names == ["Person 40", "Person 41 Smith"]
    assert len(changed.removed) == 1
    _, everything = _run(place, read_again(again.state()))
    assert len(everything) == 60
    assert changed.removed == _run(place, read_again(again.state()))[0].removed


def test_state_of_another_search_is_not_used(place: DirectoryPlace) -> None:
    with LdapSource(place, PEOPLE, "(sn=7)") as source:
        list(source.records())
    other, names = _run(place, source.state())
    assert (len(names) > 50, other.removed) == (True, ())


def test_habits_of_active_directory(place: DirectoryPlace) -> None:
    """Its computers are persons, and so is who left: nobody to call."""
    attributes = read_attributes("cn, title, telephoneNumber, otherTelephone:2, proxyAddresses:2")
    with LdapSource(place, WINDOWS, attributes=attributes) as source:
        (record,) = source.records()
    assert record.values == (
        "Doe, Jane",
        "Head of Sales",
        "+1 202 555 0101",
        "+1 202 555 0102",
        "+1 202 555 0103",
        "jane@example.com",
        "j@example.com",
    )
    assert "2 computers and disabled accounts were left out" in source.facts.notes[-1]
    columns = guessed_profile(source.facts).columns
    assert (columns["cn"], columns["title"]) == ("name", "role")
    assert columns["proxyAddresses (2)"] == "email"
    assert columns["otherTelephone (2)"].startswith("number")


def test_company_and_job_go_where_they_belong(place: DirectoryPlace) -> None:
    with LdapSource(place, PEOPLE, "(cn=Zoë Müller)") as source:
        columns = guessed_profile(source.facts).columns
    assert (columns["o"], columns["company"], columns["title"]) == ("company", "", "role")
    assert list(columns.values()).count("street") == 1


def test_values_in_languages_stand_behind_the_others(place: DirectoryPlace, slapd: Slapd) -> None:
    name = f"cn=Person 300,{PEOPLE}"
    slapd.change(
        lambda admin: admin.modify(
            name,
            {
                "cn;lang-ja": [("MODIFY_ADD", ["人 300"])],
                "title;lang-de": [("MODIFY_ADD", ["Leiterin"])],
            },
        )
    )
    with LdapSource(place, PEOPLE, "(sn=300)", {"cn": 2, "title": 1}) as source:
        (record,) = source.records()
    assert record.values == ("Person 300", "人 300", "Leiterin")
