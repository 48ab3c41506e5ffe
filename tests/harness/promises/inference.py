"""What a model makes, trained or not."""

import numpy as np

from tests.harness.arrays import assert_equal


class Infers:
    def test_a_fresh_instance_needs_no_fit(self, tmp_path, capsys):
        model = self.build()
        model.summary()
        assert "Total params" in capsys.readouterr().out
        assert model.count_params() > 0
        made = self.infer(model, 3)
        assert model.predict(self.inputs(3), verbose=0).shape == made.shape
        assert len(made) == 3
        assert made.dtype == self.inferred
        model.save_weights(tmp_path / "fresh.weights.h5")
        model.compile()
        assert np.isfinite(self.evaluate(model, n=4)["loss"])

    def test_inference_is_never_random(self, model):
        self.fit(model)
        inputs = self.inputs()
        assert_equal([model.predict(inputs, verbose=0)], [model.predict(inputs, verbose=0)])
        assert_equal([self.infer(model, seed=5)], [self.infer(model, seed=5)])
