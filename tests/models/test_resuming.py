"""Every model goes on bit for bit from a file, in a process that only imports the package."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from tests import harness
from tests.harness import arrays_for, assert_equal, everything, inputs_for

GO_ON = """
import pathlib, sys
import keras, numpy as np
import keras_gans

for path in pathlib.Path(sys.argv[1]).glob("*.keras"):
    model = keras.saving.load_model(path)
    arrays = np.load(path.with_suffix(".arrays.npz")).values()
    model.fit(*arrays, batch_size=4, initial_epoch=2, epochs=3, verbose=0)
    variables = [*model.variables, *model.optimizer.variables]
    np.savez(path.with_suffix(".npz"), *[keras.ops.convert_to_numpy(v) for v in variables])
    inputs = np.load(path.with_suffix(".inputs.npy"))
    np.save(path.with_suffix(".inferred.npy"), model.predict(inputs, verbose=0))
"""


def fit(model, **arguments):
    model.fit(*arrays_for(model), batch_size=4, verbose=0, **arguments)


@pytest.fixture(scope="module")
def resumed(tmp_path_factory):
    """Two epochs here, then one in another process, for all models at once."""
    folder = tmp_path_factory.mktemp("resumed")
    for case, build in harness.CASES.items():
        keras.utils.set_random_seed(0)
        model = build()
        model.compile()
        fit(model, epochs=2)
        model.save(folder / f"{case}.keras")
        np.savez(folder / f"{case}.arrays.npz", *arrays_for(model))
        np.save(folder / f"{case}.inputs.npy", inputs_for(model))
    subprocess.run([sys.executable, "-c", GO_ON, str(folder)], check=True)
    return folder


@pytest.mark.parametrize("case", harness.CASES)
def test_a_saved_run_goes_on_bit_for_bit_in_a_fresh_process(case, resumed):
    straight = harness.CASES[case]()
    straight.compile()
    fit(straight, epochs=3)
    with np.load(resumed / f"{case}.npz") as arrays:
        went_on = [arrays[f"arr_{i}"] for i in range(len(arrays.files))]
    # `fit` leaves the last epoch's means in the trackers: they are the same, too.
    assert_equal(everything(straight), went_on)
    inferred = np.load(resumed / f"{case}.inferred.npy")
    assert_equal([straight.predict(inputs_for(straight), verbose=0)], [inferred])
