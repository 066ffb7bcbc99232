"""Jobs: real programs beside the window, good ones and hostile ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from crmdesk.bootstrap.desk_line import desk_line, read_desk_line
from crmdesk.gui.jobs import Job, JobProgress, Jobs, JobState
from crmdesk.gui.jobs.output import LONGEST_LINE, JobOutput, JobResult, OutputBroken
from crmdesk.gui.jobs.question import ask_to_stop
from crmdesk.gui.jobs.registry import progress_words
from crmdesk.gui.widgets.messages import Question
from crmdesk.settings.model import LineSettings, Settings
from crmdesk.store import keys, open_store
from tests.gui.desk_fixtures import themed, wait, windows  # noqa: F401
from tests.gui.desk_windows import Windows

_LONG_MS = 60_000

_WORKER = """
import argparse, sys, time
from crmdesk.cli.progress import add_job_options, run_job
parser = argparse.ArgumentParser()
add_job_options(parser)
parser.add_argument("--store")
def work(reporter):
{body}
sys.exit(run_job(parser.parse_args(), work, print))
"""

_ENDLESS = """
    n = 0
    while True:
        n += 1
        reporter.progress(n, None)
        time.sleep(0.01)
"""


def worker(body: str) -> list[str]:
    return [sys.executable, "-c", _WORKER.format(body=body), "--progress=json"]


def script(text: str) -> list[str]:
    return [sys.executable, "-u", "-c", text]


def ended(qtbot: QtBot, program: list[str], *, cancel_on_progress: bool = False) -> Job:
    """A job that ran to its end; its working folder is not the checkout's."""
    job = Job("test", "Testing", program)
    job._process.setWorkingDirectory(os.getcwd())
    if cancel_on_progress:
        job.progress.connect(job.cancel)
    with qtbot.waitSignal(job.ended, timeout=_LONG_MS):
        job.start()
    return job


# --- what a good program tells --------------------------------------------------------------------


def test_progress_and_result_arrive(qtbot: QtBot) -> None:
    body = """
    for n in range(1, 41):
        reporter.progress(n, 40, "counting")
        time.sleep(0.02)
    return {"sum": 820}
"""
    job = Job("count", "Counting", worker(body))
    job._process.setWorkingDirectory(os.getcwd())
    told: list[JobProgress] = []
    job.progress.connect(told.append)
    with qtbot.waitSignal(job.finished, timeout=_LONG_MS) as finished:
        job.start()
    assert finished.args == [{"sum": 820}]
    assert job.state is JobState.FINISHED
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert 2 <= len(told) < 40, "at most five a second"
    assert {(p.of, p.note) for p in told} == {(40, "counting")}
    assert told[-1].rate > 0
    assert told[-1].left_s is not None


def test_what_a_job_prints_does_not_disturb(qtbot: QtBot) -> None:
    job = ended(qtbot, worker("    print('{not json')\n    return {'ok': True}\n"))
    assert job.result == {"ok": True}


def test_an_error_comes_with_its_three_parts(qtbot: QtBot) -> None:
    body = """
    from crmdesk.domain.errors import UserFacingError
    raise UserFacingError("It is full.", "Nothing fits.", "Make room.")
"""
    job = ended(qtbot, worker(body))
    assert job.state is JobState.FAILED
    assert job.error is not None
    assert (job.error.what, job.error.meaning, job.error.remedy) == (
        "It is full.",
        "Nothing fits.",
        "Make room.",
    )


def test_a_bug_in_a_job_is_told_without_what_it_worked_on(qtbot: QtBot) -> None:
    job = ended(qtbot, worker("    raise ValueError('Jane Doe +493023125101')\n"))
    assert job.error is not None
    assert "ValueError" in job.error.what
    assert "Jane" not in str(job.error)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs RLIMIT_AS that holds")
def test_a_job_that_wants_too_much_memory_is_told_to_stop(qtbot: QtBot) -> None:
    program = [*worker("    return {'n': len(bytearray(4 << 30))}\n"), "--memory-limit=1024"]
    job = ended(qtbot, program)
    assert job.error is not None
    assert "memory" in job.error.what


@pytest.mark.skipif(os.name == "nt", reason="needs os.nice")
def test_a_job_leaves_the_processor_to_others(qtbot: QtBot) -> None:
    body = "    import os\n    return {'nice': os.nice(0)}\n"
    usual = ended(qtbot, worker(body)).result
    low = ended(qtbot, [*worker(body), "--low-priority"]).result
    assert usual is not None
    assert low is not None
    assert int(str(low["nice"])) > int(str(usual["nice"]))


# --- cancelling -----------------------------------------------------------------------------------


def test_cancel_ends_a_job_between_two_steps(qtbot: QtBot) -> None:
    job = ended(qtbot, worker(_ENDLESS), cancel_on_progress=True)
    assert job.state is JobState.CANCELLED
    assert job.error is None
    assert job._process.exitCode() == 130


def test_cancel_ends_a_job_that_does_not_look(qtbot: QtBot) -> None:
    body = "    reporter.progress(1)\n    time.sleep(3600)\n"
    job = ended(qtbot, worker(body), cancel_on_progress=True)
    assert job.state is JobState.CANCELLED
    assert job._process.exitCode() == 130, "it ended by itself"


def test_cancel_kills_a_program_that_does_not_listen(qtbot: QtBot) -> None:
    text = (
        "import signal, time, sys\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('{\"progress\": 1}', flush=True)\n"
        "time.sleep(3600)\n"
    )
    assert ended(qtbot, script(text), cancel_on_progress=True).state is JobState.CANCELLED


@pytest.mark.usefixtures("caplog")
def test_closing_its_input_alone_ends_a_job(qtbot: QtBot) -> None:
    job = Job("test", "Testing", worker(_ENDLESS))
    job._process.setWorkingDirectory(os.getcwd())
    job.progress.connect(lambda _: job._process.closeWriteChannel())
    with qtbot.waitSignal(job.ended, timeout=_LONG_MS):
        job.start()
    assert job._process.exitCode() == 130


def test_a_job_ends_when_nobody_reads_it() -> None:
    with subprocess.Popen(
        worker(_ENDLESS), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=os.getcwd()
    ) as process:
        assert process.stdout is not None
        assert b"progress" in process.stdout.readline()
        process.stdout.close()
        assert process.wait(_LONG_MS / 1000) == 130


def test_a_job_of_a_timer_is_not_cancelled_because_nobody_types() -> None:
    program = worker("    time.sleep(0.3)\n    return {}\n")
    done = subprocess.run(
        program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=os.getcwd(), check=True
    )
    assert json.loads(done.stdout) == {"result": {}}


# --- hostile and broken programs ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "print('hello')",
        "print('[1, 2]')",
        "print('{\"progress\": -4}')",
        'print(\'{"progress": "many"}\')',
        "print('{\"progress\": 1e400}')",
        "import sys; sys.stdout.buffer.write(b'\\xff\\xfe\\n')",
        "print('{}')",
        "print('{\"result\":' + '[' * 500000)",
    ],
)
def test_what_is_no_progress_ends_the_job_with_words(qtbot: QtBot, text: str) -> None:
    job = ended(qtbot, script(text + "\nimport time; time.sleep(3600)"))
    assert job.state is JobState.FAILED
    assert isinstance(job.error, OutputBroken)


@pytest.mark.parametrize("text", ["'x' * 65536", '\'{"progress": 1, "note": "x"}\\n\' * 4096'])
def test_endless_output_is_cut_off(qtbot: QtBot, text: str) -> None:
    job = ended(qtbot, script(f"import sys\nwhile True: sys.stdout.write({text})"))
    assert isinstance(job.error, OutputBroken)
    assert "more than" in job.error.what


def test_endless_messages_do_not_fill_the_memory(qtbot: QtBot) -> None:
    text = (
        "import sys\nfor _ in range(200): sys.stderr.write('x' * 65536)\nprint('{\"result\": {}}')"
    )
    job = ended(qtbot, script(text))
    assert job.state is JobState.FINISHED
    assert len(job._words) <= 4096


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.filterwarnings("ignore")
def test_a_killed_program_is_told(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    job = ended(qtbot, script("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert job.error is not None
    assert "from outside" in job.error.what
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    caplog.clear()


def test_a_program_that_is_not_there_is_told(
    qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = ended(qtbot, [str(tmp_path / "nothing")])
    assert job.error is not None
    assert "could not be started" in job.error.what
    caplog.clear()


@given(st.binary(max_size=300), st.data())
def test_any_bytes_in_any_pieces_are_read_or_refused(text: bytes, data: st.DataObject) -> None:
    output, rest = JobOutput(), text
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        piece, rest = rest[:size], rest[size:]
        try:
            output.feed(piece)
        except OutputBroken:
            return


@given(st.integers(1, 60))
def test_a_line_may_come_in_any_two_pieces(at: int) -> None:
    line = json.dumps({"result": {"words": "ä" * 10}}, ensure_ascii=False).encode() + b"\n"
    output = JobOutput()
    told = output.feed(line[:at]) + output.feed(line[at:])
    assert told == [JobResult({"words": "ä" * 10})]


@pytest.mark.parametrize("name", ["progress", "of", "rate", "left_s"])
def test_numbers_nobody_can_show_are_refused(name: str) -> None:
    """Shares of them would be no number at all, and their words a line of 300 digits."""
    line = json.dumps({"progress": 1, "of": 1, name: 10**320 if name != "rate" else 1e300})
    with pytest.raises(OutputBroken):
        JobOutput().feed(line.encode() + b"\n")


def test_a_line_without_end_is_refused() -> None:
    output = JobOutput()
    output.feed(b"x" * LONGEST_LINE)
    with pytest.raises(OutputBroken):
        output.feed(b"x")


# --- the key --------------------------------------------------------------------------------------


def test_key_and_settings_reach_the_child_and_nobody_else(tmp_path: Path) -> None:
    settings = Settings(lines=(LineSettings(id="a", name="A", region="DE"),))
    with open_store(tmp_path / "x.db", keys.DEMO_KEY) as store:
        line = desk_line(store, settings)
        shown = repr(line) + repr(store) + " ".join(line.arguments)
    secret = keys.DEMO_KEY.hex()
    assert secret not in shown
    received = read_desk_line(line.line)
    assert received.key.raw == keys.DEMO_KEY
    assert received.settings == settings
    assert secret not in repr(received)


def test_a_child_opens_the_store_with_the_key_it_is_sent(qtbot: QtBot, tmp_path: Path) -> None:
    key = os.urandom(32)
    body = """
    from crmdesk.cli.opening import open_store_of, load_settings
    with open_store_of(options) as store:
        count = store.read(lambda reader: reader.counts()).result().customers
    return {"customers": count, "name": load_settings(options).agent.name, "argv": sys.argv}
"""
    text = (
        _WORKER.format(body=body)
        .replace("sys.exit(", "options = parser.parse_args()\nsys.exit(")
        .replace("run_job(parser.parse_args()", "run_job(options")
    )
    with open_store(tmp_path / "x.db", key) as store:
        desk = desk_line(store, Settings())
        program = [sys.executable, "-c", text, "--progress=json", *desk.arguments]
        job = Job("test", "Testing", program, desk)
        job._process.setWorkingDirectory(os.getcwd())
        with qtbot.waitSignal(job.ended, timeout=_LONG_MS):
            job.start()
    assert job.error is None
    assert job.result is not None
    assert job.result["customers"] == 0
    assert key.hex() not in str(job.result["argv"])


@pytest.mark.parametrize("sent", [b"\n", b"{}\n", b'{"key": "00"}\n', b"\xff\n", b"x" * (3 << 20)])
def test_a_broken_key_is_refused(qtbot: QtBot, sent: bytes) -> None:
    job = Job("test", "Testing", [*worker("    return {}\n"), "--key-from-stdin"])
    job._process.setWorkingDirectory(os.getcwd())
    job._process.started.connect(lambda: job._process.write(sent))
    with qtbot.waitSignal(job.ended, timeout=_LONG_MS):
        job.start()
    assert job.error is not None
    assert "key" in job.error.what


# --- all jobs of a window -------------------------------------------------------------------------


class _Endless(Jobs):
    """Starts a program that counts for ever, whatever is asked."""

    def start(self, kind: str, title: str, *_: object, **__: object) -> Job:
        running = self.of_kind(kind)
        if running is not None:
            return running
        line = '{"progress": 43, "of": 100, "left_s": 12}'
        text = f"import time\nwhile True:\n print('{line}', flush=True)\n time.sleep(0.05)"
        return self.follow(Job(kind, title, script(text), None, self))


def test_the_status_line_shows_a_job_and_cancels_it(windows: Windows) -> None:  # noqa: F811
    jobs, status = _Endless(lambda: pytest.fail("no store is needed")), windows.window.status
    status.follow(jobs)
    job = jobs.start("clinic", "Checking numbers")
    windows.wait(lambda: "43 %" in status._work.full_text())
    assert status._work.full_text() == "Checking numbers 43 %, 12 s left"
    assert jobs.start("clinic", "Checking numbers") is job, "one of a kind"
    jobs.start("rules", "Trying a rule")
    windows.window.show_page("customers")
    assert status._work.full_text().endswith("and 1 more")
    status._cancel.click()
    windows.wait(lambda: len(jobs.running()) == 1)
    jobs.stop()
    windows.wait(lambda: not status._work.isVisible())
    jobs.deleteLater()


def test_closing_asks_while_a_job_runs(windows: Windows) -> None:  # noqa: F811
    jobs, closed = _Endless(lambda: pytest.fail("no store is needed")), []
    ask_to_stop(windows.window, jobs, lambda: closed.append(1))
    assert closed == [1], "nothing runs: nothing to ask"
    jobs.start("clinic", "Checking numbers")
    ask_to_stop(windows.window, jobs, lambda: closed.append(2))
    question = windows.dialog(Question)
    question.reject()
    assert closed == [1]
    ask_to_stop(windows.window, jobs, lambda: closed.append(2))
    QCoreApplication.processEvents()
    next(
        w for w in QApplication.topLevelWidgets() if isinstance(w, Question) and w.isVisible()
    ).accept()
    assert closed == [1, 2]
    jobs.stop()
    assert jobs.running() == ()
    jobs.deleteLater()


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (JobProgress(), "Checking"),
        (JobProgress(43, 100, 1.0, 12.3), "Checking 43 %, 12 s left"),
        (JobProgress(1, 2, 1.0, 0.0), "Checking 50 %, 1 s left"),
        (JobProgress(1, 2, 1.0, 240.0), "Checking 50 %, 4 min left"),
        (JobProgress(9, 2, 1.0, 8_000.0), "Checking 100 %, 2 h left"),
    ],
)
def test_progress_in_words(progress: JobProgress, words: str) -> None:
    assert progress_words("Checking", progress) == words
