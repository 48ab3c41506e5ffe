"""Every model goes on bit for bit from a file, in a process that only imports the package."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from tests import harness
from tests.harness import assert_equal, everything, images_for

GO_ON = """
import pathlib, sys
import keras, numpy as np
import keras_gans

for path in pathlib.Path(sys.argv[1]).glob("*.keras"):
    model = keras.saving.load_model(path)
    images = np.load(path.with_suffix(".npy"))
    model.fit(images, batch_size=4, initial_epoch=2, epochs=3, verbose=0)
    variables = [*model.variables, *model.optimizer.variables]
    np.savez(path.with_suffix(".npz"), *[keras.ops.convert_to_numpy(v) for v in variables])
    np.save(path.with_suffix(".generated.npy"), model.generate(4, seed=1))
"""


def fit(model, **arguments):
    model.fit(images_for(model), batch_size=4, verbose=0, **arguments)


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
        np.save(folder / f"{case}.npy", images_for(model))
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
    images = np.load(resumed / f"{case}.generated.npy")
    assert_equal([straight.generate(4, seed=1)], [images])
