import subprocess

import pytest

from benchmarks.timed_run import minutes, run_timed

PROGRAM = """
import sys
from pathlib import Path

folder = Path(sys.argv[sys.argv.index("--output") + 1])
folder.mkdir(exist_ok=True)
(folder / "settings.json").write_text("{}")
print(*sys.argv[1:])
if sys.argv[1] == "breaks" and "--resume" not in sys.argv:
    sys.exit(1)
"""


@pytest.fixture(autouse=True)
def program(tmp_path, monkeypatch):
    (tmp_path / "program.py").write_text(PROGRAM)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_a_program_runs_once_and_its_seconds_are_kept(tmp_path):
    folder = tmp_path / "runs" / "one"
    seconds = run_timed(["program", "works"], folder)
    assert seconds["processor"] > 0.0 and seconds["clock"] > 0.0 and not seconds["resumed"]
    assert run_timed(["program", "works"], folder) == seconds
    assert (tmp_path / "runs" / "one.log").read_text().split()[0] == "works"
    assert len((tmp_path / "runs" / "one.log").read_text().splitlines()) == 1


def test_a_program_that_broke_off_is_gone_on_with(tmp_path):
    folder = tmp_path / "one"
    with pytest.raises(subprocess.CalledProcessError):
        run_timed(["program", "breaks"], folder)
    assert run_timed(["program", "breaks"], folder)["resumed"]
    assert (tmp_path / "one.log").read_text().splitlines()[1].endswith("--resume")


def test_minutes():
    assert minutes(718.4) == "11 min 58 s"
