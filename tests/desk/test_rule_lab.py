"""The rule lab says what looking up every call with both rules says, on a real store."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmdesk.desk.rule_lab.lab import RuleLab, rule_set
from crmdesk.desk.rule_lab.report import (
    CHANGES,
    LabKind,
    LabReport,
    report_from_json,
    report_to_json,
)
from crmdesk.desk.rule_lab.texts import change_rules
from crmdesk.domain.calls import Call, Direction, Presentation
from crmdesk.domain.customers import Customer, CustomerKind, PhoneNumber
from crmdesk.domain.ids import call_id
from crmdesk.domain.matches import Match, MatchState, Occasion
from crmdesk.matching.ladder import find
from crmdesk.matching.numbers import normalise
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import Reader, Store, Writer, keys, open_store
from crmdesk.store.number_index import NumberIndex

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 22)
SETTINGS = Settings(
    lines=(
        LineSettings(id="berlin", name="Berlin", region="DE", area_code="30"),
        LineSettings(id="london", name="London", region="GB", line_prefix="9"),
    )
)
HANSEN, ANNA, BEN, MIA, OLD = (uuid.UUID(int=n) for n in range(1, 6))


def _person(key: uuid.UUID, name: str, *numbers: str, company: uuid.UUID | None = None) -> Customer:
    found = tuple(PhoneNumber(n, n if n.startswith("+") else None, "work") for n in numbers)
    return Customer(key, CustomerKind.PERSON, name, company_id=company, numbers=found)


CUSTOMERS = (
    Customer(
        HANSEN,
        CustomerKind.COMPANY,
        "Hansen Logistics",
        numbers=(PhoneNumber("+4930231250", "+4930231250", "switchboard"),),
    ),
    _person(ANNA, "Anna Hansen", "+493023125710", "+442079460312", company=HANSEN),
    _person(BEN, "Ben Brandt", "+442079460312"),
    _person(MIA, "Mia Schröder", "+33199001234"),
    _person(OLD, "Olga Petrova", "+4917139200123"),
)

CALLS: tuple[tuple[str, str, int], ...] = (
    ("berlin", "+493023125710", 5),
    ("berlin", "23125710", 2),
    ("berlin", "030 23125 99", 3),
    ("berlin", "0012025550123", 1),
    ("london", "92079460312", 4),
    ("london", "02079460312", 2),
    ("london", "0717139200123", 1),
    ("berlin", "017139200123", 7),
    ("gone", "+33199001234", 2),
    ("berlin", "9990001234", 2),
    ("berlin", "sip:alice@pbx.example", 1),
)


def _fill(writer: Writer) -> None:
    for customer in CUSTOMERS:
        writer.save_customer(customer)
    count = 0
    for line_id, raw, times in CALLS:
        for _ in range(times):
            count += 1
            _call(writer, count, line_id=line_id, caller_raw=raw)
    _call(writer, 900, line_id="berlin", presentation=Presentation.WITHHELD)
    _call(writer, 901, line_id="berlin", caller_raw="anonymous")
    _call(writer, 902, line_id="berlin", caller_raw="1002", direction=Direction.INTERNAL)
    _call(writer, 903, line_id="berlin", caller_raw="+33199001234", age_days=90)


def _call(writer: Writer, number: int, *, age_days: int = 1, **facts: object) -> None:
    at = NOW - timedelta(days=age_days)
    values: dict[str, object] = {"direction": Direction.INBOUND, "started_at": at, **facts}
    writer.save_call(Call(call_id("pbx", str(number)), **values), None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    place: Path = tmp_path_factory.mktemp("lab") / "test.db"
    with open_store(place, keys.DEMO_KEY) as opened:
        opened.write(_fill).result()
        yield opened


def tried(store: Store, *texts: str, since: datetime | None = None) -> LabReport:
    after = change_rules(SETTINGS, texts)

    def job(reader: Reader) -> LabReport:
        lab = RuleLab(rule_set(SETTINGS), rule_set(after), NumberIndex(reader), DAY)
        for rows in reader.callers(since):
            lab.look_at(rows)
        return lab.report()

    return store.read(job).result()


def kinds(report: LabReport) -> dict[str, tuple[int, int]]:
    counted = {kind: report.counts[kind] for kind in CHANGES}
    return {str(kind): (c.calls, c.numbers) for kind, c in counted.items() if c.calls}


def test_rules_in_force_change_nothing(store: Store) -> None:
    report = tried(store)
    assert report.is_without_effect
    assert report.looked_at.calls == sum(times for _, _, times in CALLS) + 1
    assert report.counts[LabKind.UNCHANGED] == report.looked_at
    assert report.linked_before == report.linked_after
    assert (report.withheld_calls, report.internal_calls) == (2, 1)
    assert report.examples == ()


def test_rung_that_is_left_out_loses_its_calls(store: Store) -> None:
    report = tried(store, "ladder=account,national,suffix")
    assert report.counts[LabKind.LOST].calls > 0
    assert report.linked_after.calls < report.linked_before.calls
    lost = [example for example in report.examples if example.kind is LabKind.LOST]
    assert lost[0].calls == max(example.calls for example in lost)
    assert lost[0].before.name
    assert lost[0].after.customer_id is None
    assert lost[0].why


def test_country_of_a_line_decides_what_its_numbers_mean(store: Store) -> None:
    report = tried(store, "line.berlin.region=FR")
    lost = {e.number: e for e in report.examples if e.kind is LabKind.LOST}
    assert {"030 23125 99", "23125710"} <= set(lost)
    assert report.counts[LabKind.LOST].calls == sum(e.calls for e in lost.values())
    assert "Read as +33302312599, so far as +49302312599." in lost["030 23125 99"].why


def test_prefix_of_a_line_is_taken_off(store: Store) -> None:
    found = tried(store, "line.london.line_prefix=")
    assert found.counts[LabKind.LOST].calls == 4
    assert [example.number for example in found.examples] == ["92079460312"]


def test_internal_range_that_catches_outside_numbers(store: Store) -> None:
    report = tried(store, "line.berlin.internal=23125000-23125999")
    assert kinds(report) == {"lost": (2, 1)}


def test_threshold_nobody_reaches(store: Store) -> None:
    report = tried(store, "link_from=2000")
    assert report.linked_after.calls == 0
    assert report.counts[LabKind.LOST].calls == report.linked_before.calls > 0


def test_shared_number_moves_when_history_decides(store: Store) -> None:
    """Below the worth of a shared number, evidence links one of several; with none, nobody."""
    report = tried(store, "link_from=100", "lead=0")
    shared = [e for e in report.examples if "2079460312" in e.number]
    assert all(example.before.state is MatchState.SEVERAL for example in shared)


def test_fewer_last_digits_suggest_more(store: Store) -> None:
    report = tried(store, "suffix_digits=5")
    assert report.counts[LabKind.SUGGESTED].calls >= 2
    assert report.linked_before == report.linked_after


def test_only_calls_since_a_day(store: Store) -> None:
    recent = tried(store, since=NOW - timedelta(days=30))
    assert recent.looked_at.calls == sum(times for _, _, times in CALLS)


def test_account_ids_are_looked_up_beside_their_number(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db", keys.DEMO_KEY) as store:

        def fill(writer: Writer) -> None:
            writer.save_customer(
                Customer(ANNA, CustomerKind.PERSON, "Anna Hansen", account_id="4711")
            )
            for number in range(3):
                _call(writer, number, line_id="berlin", account_id="4711",
                      presentation=Presentation.WITHHELD)  # fmt: skip

        store.write(fill).result()
        report = tried(store, "ladder=e164")
        assert (report.linked_before.calls, report.linked_after.calls) == (3, 0)
        assert report.examples[0].account == "4711"
        assert report.withheld_calls == 0


def test_report_travels_as_json(store: Store) -> None:
    report = tried(store, "ladder=suffix", "suffix_digits=5")
    assert report.examples
    assert report_from_json(report_to_json(report)) == report
    with pytest.raises(ValueError, match="looked_at"):
        report_from_json({"withheld_calls": 1})


_RUNGS = ("account", "e164", "national", "block", "suffix")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    ladder=st.lists(st.sampled_from(_RUNGS), unique=True),
    suffix=st.integers(5, 12),
    block=st.integers(1, 5),
    link_from=st.sampled_from((0, 100, 400, 500, 700, 760, 850, 1500)),
    lead=st.sampled_from((0, 100, 300)),
    region=st.sampled_from(("DE", "GB", "FR", "")),
)
def test_same_as_looking_up_every_call(
    store: Store,
    ladder: list[str],
    suffix: int,
    block: int,
    link_from: int,
    lead: int,
    region: str,
) -> None:
    texts = (
        f"ladder={','.join(ladder)}",
        f"suffix_digits={suffix}",
        f"block_digits={block}",
        f"link_from={link_from}",
        f"lead={lead}",
        f"line.berlin.region={region}",
    )
    report = tried(store, *texts)
    plain = store.read(lambda reader: _plain(reader, change_rules(SETTINGS, texts))).result()
    assert report.linked_after.calls == plain["linked"]
    assert report.counts[LabKind.FOUND].calls == plain["found"]
    assert report.counts[LabKind.MOVED].calls == plain["moved"]
    assert report.counts[LabKind.AMBIGUOUS].calls == plain["ambiguous"]
    assert report.counts[LabKind.UNCHANGED].calls == plain["unchanged"]
    assert sum(count.calls for count in report.counts.values()) == report.looked_at.calls


def _plain(reader: Reader, after: Settings) -> Counter[str]:
    """Call by call, with nothing left out, straight from the store."""
    counted: Counter[str] = Counter()
    for rows in reader.callers():
        for line_id, raw, account_id, sort in rows:
            if sort or raw == "anonymous":
                continue
            before, now = (
                _found(reader, line_id, raw, account_id, one) for one in (SETTINGS, after)
            )
            counted["linked"] += now.customer_id is not None
            counted["found"] += before.customer_id is None and now.customer_id is not None
            counted["moved"] += None not in {before.customer_id, now.customer_id} and (
                before.customer_id != now.customer_id
            )
            counted["ambiguous"] += now.state is MatchState.SEVERAL is not before.state
            counted["unchanged"] += _shown(before) == _shown(now)
    return counted


def _found(
    reader: Reader, line_id: str, raw: str, account_id: str | None, rules: Settings
) -> Match:
    every = rule_set(rules)
    number = normalise(raw, every.line(line_id))
    return find(number, reader, Occasion(DAY, line_id), account_id, rules=every.matching)


def _shown(match: Match) -> object:
    if match.customer_id is not None:
        return match.customer_id
    if match.state in {MatchState.SEVERAL, MatchState.SUGGESTED}:
        return match.state, frozenset(c.owner.customer_id for c in match.candidates)
    return match.state


def test_as_many_callers_as_are_counted(store: Store) -> None:
    for since in (None, NOW - timedelta(days=30), NOW):
        counted, read = store.read(
            lambda reader, since=since: (  # type: ignore[misc]
                reader.caller_count(since),
                sum(len(rows) for rows in reader.callers(since)),
            )
        ).result()
        assert counted == read
