"""The files of what other tools compute."""

import numpy as np
import pytest

from benchmarks import parity
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("it is numpy alone")


def test_every_file_has_its_writer_and_names_the_versions_of_its_tools():
    files = {path.stem for path in parity.FOLDER.glob("*.npz")}
    assert files == parity.WRITERS.keys()
    for name in files:
        tools = str(parity.said(name)["tools"])
        assert [tool.split()[0] for tool in tools.split(", ")] == list(parity.WRITERS[name][1])
        assert (parity.FOLDER / f"{name}.npz").stat().st_size <= parity.LIMIT


def test_a_writer_writes_what_its_tools_say_unless_it_is_much(tmp_path, monkeypatch):
    monkeypatch.setattr(parity, "FOLDER", tmp_path)
    monkeypatch.setattr(parity, "WRITERS", {})

    @parity.said_by("numpy")
    def numbers():
        return {"three": 3.0, "many": np.random.default_rng(0).normal(size=size)}

    size = 5
    parity.main(["numbers"])
    assert parity.said("numbers")["three"] == 3.0
    assert str(parity.said("numbers")["tools"]) == f"numpy {np.__version__}"
    size = 50_000
    with pytest.raises(ValueError, match="at most 50000 are kept"):
        parity.main([])
