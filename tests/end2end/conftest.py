"""A PBX that speaks TLS, and a home with the callers of the recordings in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end2end.people import people
from tests.end2end.programs import line_to, make_home
from tests.fakes.certificates import CertificateAuthority
from tests.fakes.fake_pbx import FakePbx


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> CertificateAuthority:
    """Who signs the PBX's certificate."""
    return CertificateAuthority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def pbx(authority: CertificateAuthority) -> Iterator[FakePbx]:
    """An Asterisk that listens with TLS."""
    with FakePbx(tls=authority) as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, pbx: FakePbx) -> Path:
    """A desk that watches all extensions of the PBX."""
    return make_home(tmp_path / "home", line_to(pbx), fill=people)
