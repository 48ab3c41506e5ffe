"""A saved run goes on bit for bit."""

import pickle

import numpy as np

from tests.harness.arrays import assert_equal, everything, put_back
from tests.harness.fresh_process import go_on


class Resumes:
    def test_weights_files_carry_the_optimizers(self, model, tmp_path):
        self.fit(model)
        model.save_weights(tmp_path / "model.weights.h5")
        resumed = self.compiled()
        resumed.load_weights(tmp_path / "model.weights.h5")
        assert_equal(everything(model), everything(resumed))
        assert int(resumed.optimizer.iterations) == 3

    def test_a_saved_run_goes_on_bit_for_bit_in_a_fresh_process(self, model, tmp_path):
        start = everything(model)
        self.fit(model, epochs=2, shuffle=True)
        path = tmp_path / "model.keras"
        model.save(path)
        path.with_suffix(".pickle").write_bytes(pickle.dumps((self.arrays(), self.inputs())))
        go_on(self.package, path)
        put_back(model, start)
        self.fit(model, epochs=3, shuffle=True)
        with np.load(path.with_suffix(".npz")) as arrays:
            went_on = [arrays[f"arr_{i}"] for i in range(len(arrays.files))]
        # `fit` leaves the last epoch's means in the trackers: they are the same, too.
        assert_equal(everything(model), went_on)
        inferred = np.load(path.with_suffix(".inferred.npy"))
        assert_equal([model.predict(self.inputs(), verbose=0)], [inferred])
