"""How installer/dev.py shares the tests out among processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from installer import workers

HERE = str(Path(__file__).parent)
GIB = 1 << 30
PARALLEL = ["-n", "4", "--dist", "worksteal"]


class Machine:
    """What the system says of its cores and its memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.has(cores=4, memory=16 * GIB)

    def has(self, cores: int, memory: int, quota: float = 64.0, limit: int = 1 << 60) -> None:
        """Sets what there is, and the part of it that a container may use."""
        self._patch.setattr(workers, "_cores_here", lambda: cores)
        self._patch.setattr(workers, "_memory_here", lambda: memory)
        files = {"cpu.max": f"{int(quota * 100_000)} 100000", "memory.max": str(limit)}
        self._patch.setattr(workers, "_read", files.__getitem__)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """One with four cores and 16 GiB."""
    return Machine(monkeypatch)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-x"],
        ["-k", "withheld", "-x"],
        ["-m", "slow", "-q"],
        [HERE],
        [HERE, __file__],
        ["--deselect", __file__],
    ],
)
def test_many_tests_run_in_parallel(machine: Machine, arguments: list[str]) -> None:
    assert workers.sharing(arguments) == PARALLEL


@pytest.mark.parametrize("arguments", [["-n0"], ["-n", "3"], ["-s"], ["--pdb"], ["--capture=no"]])
def test_who_asks_otherwise_gets_it(machine: Machine, arguments: list[str]) -> None:
    assert workers.sharing(arguments) == []


@pytest.mark.parametrize("part", ["", "::test_who_asks_otherwise_gets_it"])
def test_one_file_runs_alone(machine: Machine, part: str) -> None:
    assert workers.sharing(["-q", f"{Path(__file__)}{part}"]) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"cores": 1, "memory": 8 * GIB}, workers.FEWEST),
        ({"cores": 2, "memory": 8 * GIB}, 2),
        ({"cores": 6, "memory": 4 * GIB}, 4),
        ({"cores": 64, "memory": 256 * GIB}, workers.MOST),
        ({"cores": 64, "memory": 256 * GIB, "quota": 2.5}, 3),
        ({"cores": 64, "memory": 256 * GIB, "limit": 5 * GIB}, 5),
        ({"cores": 8, "memory": GIB // 2}, workers.FEWEST),
    ],
)
def test_as_many_as_the_machine_feeds(
    machine: Machine, facts: dict[str, int], expected: int
) -> None:
    machine.has(**facts)
    assert workers.number() == expected


def test_machine_without_limits_for_containers(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(name: str) -> str:
        raise FileNotFoundError(name)

    for read in (none, lambda _: "max 100000", lambda _: "max"):
        monkeypatch.setattr(workers, "_read", read)
        assert workers.number() == 4


def test_this_machine_is_read() -> None:
    assert 0 < workers._cores_here() <= (os.cpu_count() or 1)
    assert workers._memory_here() > GIB // 4
