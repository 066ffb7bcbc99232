"""Reading ahead reads the file, and no more than it may."""

from __future__ import annotations

from crmdesk.store.warm import read_ahead


def test_whole_file_up_to_the_limit(tmp_path):
    file = tmp_path / "store.db"
    file.write_bytes(bytes(3_000_000))
    assert read_ahead(file) == 3_000_000
    assert read_ahead(file, 1_500_000) == 1_500_000
    assert read_ahead(tmp_path / "none.db") == 0
