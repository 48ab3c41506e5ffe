"""Programs whose first word is their own."""

import os
import subprocess
import sys

import pytest

from keras_gans_cli.quiet import LEVEL, started_quietly
from tests.backends import shown_on_tensorflow

SAID = b"""WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795699409.704998    7862 port.cc:153] oneDNN custom operations are on.
E0000 00:00:1795699461.266204    8266 cuda_platform.cc:52] failed call to cuInit
To enable the following instructions: AVX2
something else
"""


def said_with(level, monkeypatch, capfd):
    monkeypatch.setenv(LEVEL, level)
    with started_quietly():
        os.write(2, SAID)
    return capfd.readouterr().err


def test_lines_of_tensorflow_s_start_are_left_out_and_others_are_not(monkeypatch, capfd):
    assert said_with("3", monkeypatch, capfd) == "something else\n"


def test_all_is_shown_where_nobody_asks_for_silence(monkeypatch, capfd):
    assert said_with("0", monkeypatch, capfd).encode() == SAID


def test_all_is_shown_where_the_import_fails(monkeypatch, capfd):
    monkeypatch.setenv(LEVEL, "3")
    with pytest.raises(ImportError), started_quietly():
        os.write(2, SAID)
        raise ImportError("libcublas is missing")
    assert capfd.readouterr().err.encode() == SAID


@shown_on_tensorflow("it is TensorFlow that speaks")
def test_a_program_starts_with_its_own_word():
    environment = {name: value for name, value in os.environ.items() if name != LEVEL}
    command = [sys.executable, "-m", "applications.dcgan", "--data", "nowhere"]
    process = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert process.returncode == 2
    assert process.stderr.startswith("python -m applications.dcgan: ")
