"""JSON lines and small JSON lists as rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmdesk.domain.importing import SourceKind, SourceRecord
from crmdesk.sync.sources import SourceError, open_source


@pytest.fixture
def imports(repository: Path) -> Path:
    """Files in the habits of other programs."""
    return repository / "tests" / "data" / "imports"


@pytest.fixture
def written(tmp_path: Path):
    """Writes a file and gives its path."""

    def write(text: str, name: str = "a.jsonl", encoding: str = "utf-8") -> Path:
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return write


def _records(path: Path) -> list[SourceRecord]:
    with open_source(path) as source:
        return list(source.records())


def _objects(path: Path) -> list[dict[str, str]]:
    with open_source(path) as source:
        titles = [column.name for column in source.facts.columns]
        return [dict(zip(titles, r.values, strict=True)) for r in source.records() if not r.error]


def test_lines_of_objects(imports):
    with open_source(imports / "export.jsonl") as source:
        assert source.facts.kind is SourceKind.JSON_LINES
        assert source.facts.records == 4
        records = list(source.records())
        assert source.position == source.size
        assert list(source.records()) == records
    assert [(r.place, bool(r.error)) for r in records] == [
        (1, False), (2, False), (3, True), (4, True)
    ]  # fmt: skip
    first, second = _objects(imports / "export.jsonl")
    assert first["id"] == "92233720368547758070"
    assert first["company.name"] == "Brightwater Ltd"
    assert first["phones.2.number"] == "+44 7700 900123"
    assert (first["tags.1"], first["balance"], first["active"]) == ("vip", "12.50", "yes")
    assert (second["note"], second["active"], second["tags.1"]) == ("", "no", "")


@pytest.mark.parametrize(
    "text",
    [
        '[{"name": "Eva"}, {"name": "Jo"}]',
        '[\n  {\n    "name": "Eva"\n  },\n  {"name": "Jo"}\n]\n',
        '{"total": 2, "contacts": [{"name": "Eva"}, {"name": "Jo"}]}'.replace("{", "{\n", 1),
        '\ufeff{"name": "Eva"}\r\n\r\n{"name": "Jo"}',
    ],
)
def test_forms_of_a_list(written, text):
    assert _objects(written(text, "a.json")) == [{"name": "Eva"}, {"name": "Jo"}]


def test_a_list_says_that_it_is_one(imports):
    with open_source(imports / "export.json") as source:
        assert source.facts.details["form"] == "list"
        assert [record.values for record in source.records()] == [
            ("Zoë O'Neil", "+44 20 7946 0101"), ("Max Power", "(202) 555-0101")
        ]  # fmt: skip


def test_names_of_later_objects_are_columns_too(written):
    path = written('{"name": "Eva"}\n{"phone": "1"}\n')
    assert _objects(path) == [{"name": "Eva", "phone": ""}, {"name": "", "phone": "1"}]


def test_numbers_keep_all_their_digits(written):
    path = written('{"id": 123456789012345678901234567890, "phone": 4930231250000.0, "x": 1e5}\n')
    assert _objects(path) == [
        {"id": "123456789012345678901234567890", "phone": "4930231250000.0", "x": "1e5"}
    ]


def test_bad_lines_say_why(written):
    path = written('{"a": 1}\nno\n[1]\n"x"\n{"a": NaN}\n{"a": "\\ud800"}\n{"a": 2')
    errors = [record.error for record in _records(path)]
    assert errors[0] == errors[4] == errors[5] == ""
    assert ["no JSON" in error for error in errors[1:4]] == [True, True, True]
    assert "at character" in errors[6]


def test_lines_in_another_encoding_are_bad(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"name": "Zoë"}\n'.encode() + '{"name": "Jörg"}\n'.encode("cp1252"))
    assert [bool(record.error) for record in _records(path)] == [False, True]


def test_utf_16(written):
    path = written('{"name": "Zoë"}\n', encoding="utf-16")
    assert _objects(path) == [{"name": "Zoë"}]


def test_more_names_than_read_are_said(written):
    names = ", ".join(f'"n{n}": {n}' for n in range(300))
    with open_source(written("{" + names + "}\n")) as source:
        assert len(source.facts.columns) == 200
        assert any("more than 200 names" in note for note in source.facts.notes)


def test_a_list_that_is_too_long_names_its_size(written):
    text = "[" + '{"name": "Eva Adler"},' * 400_000 + '{"name": "Jo"}]'
    with pytest.raises(SourceError, match="8 MiB"):
        open_source(written(text, "a.json"))
