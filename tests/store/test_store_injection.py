"""Row 21: SQL is never built from text, and hostile text stays text."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from crmdesk.domain.call_log import CallFilter

PAYLOADS = [
    "name; DROP TABLE call--",
    "(select value from secret)",
    "' OR '1'='1",
    '" OR ""="',
    "1); DELETE FROM customer; --",
    "x' UNION SELECT ref, value FROM secret --",
    "\\'; --",
    "%' --",
    "{0}",
    "%(a)s %s :a ?",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_is_stored_and_found_as_text(write, read, make_person, make_call, now, payload):
    person = make_person(payload, account_id=payload, emails=(payload,), role=payload)
    call = make_call("1", caller_name=payload, caller_raw=payload, queue=payload)

    def fill(w):
        w.set_secret("token", "hidden")
        w.save_customer(person)
        w.save_call(call, payload)
        w.add_note(person.id, payload, payload, now)

    write(fill)
    assert read(lambda r: r.customer(person.id)).name == payload
    assert read(lambda r: r.call(call.id)) == call
    assert [o.customer_id for o in read(lambda r: r.by_account(payload))] == [person.id]
    assert [e.title for e in read(lambda r: r.timeline(person.id)).entries] == [payload]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_in_every_question_finds_nothing(write, read, make_person, now, payload):
    write(lambda w: (w.set_secret("token", "hidden"), w.save_customer(make_person("Anna"))))
    answers = read(
        lambda r: [
            r.search(payload),
            r.calls(CallFilter(text=payload)).rows,
            r.calls(CallFilter(extension=payload)).rows,
            r.by_e164(payload),
            r.by_national(payload, payload),
            r.by_account(payload),
        ]
    )
    assert all(answer == () for answer in answers)
    assert read(lambda r: r.secret("token")) == "hidden"
    assert read(lambda r: r.counts()).customers == 1
    assert read(lambda r: r.missed_to_call_back(now - timedelta(days=1))) == ()


# --- lint -----------------------------------------------------------------------------------------

TAKES_SQL = {"text", "exec_driver_sql", "execute", "executemany", "executescript", "literal_column"}
ALLOWED = {
    # PRAGMA takes no parameter; bytes.hex() yields only 0-9 and a-f.
    ("engine.py", 'connection.execute(f"PRAGMA key'),
    # Milliseconds of ours.
    ("engine.py", 'driver.execute(f"PRAGMA busy_timeout = {'),
    # "main" or "copy", from the two lines above.
    ("backup.py", "driver.execute(tables.format"),
}


def built_sql(source: str) -> list[str]:
    """Calls that are handed SQL put together from pieces: f-string, %, + or format."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and _name(node) in TAKES_SQL and node.args):
            continue
        if _is_built(node.args[0]):
            found.append(ast.get_source_segment(source, node) or "")
    return found


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_built(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        return True
    return isinstance(argument, ast.Call) and _name(argument) in {"format", "join", "replace"}


def _is_allowed(path: Path, call: str) -> bool:
    return any(path.name == name and call.startswith(start) for name, start in ALLOWED)


def test_no_sql_is_built_from_text():
    package = Path(__file__).parents[2] / "crmdesk"
    paths = sorted(package.rglob("*.py"))
    assert len(paths) > 50
    found = [
        f"{path.name}: {call}"
        for path in paths
        for call in built_sql(path.read_text("utf-8"))
        if not _is_allowed(path, call)
    ]
    assert found == []


@pytest.mark.parametrize(
    "bad",
    [
        'text(f"SELECT * FROM {table}")',
        'connection.execute("SELECT %s" % name)',
        'connection.exec_driver_sql("SELECT " + name)',
        'text("SELECT {}".format(name))',
        'select(literal_column(", ".join(names)))',
    ],
)
def test_lint_finds_what_it_looks_for(bad):
    assert built_sql(bad) == [bad] or built_sql(bad) == ['literal_column(", ".join(names))']
