"""For models whose networks read labels; the other promises are put to them with labels, too."""

import numpy as np
import pytest

from tests.harness.arrays import assert_equal, changed, everything, put_back


class Conditions:
    """Its networks read `labels`, of as many `classes` as it says."""

    takes_unlabelled = False  # Whether -1, no label, is one that it trains on.

    def test_labels_decide_what_is_generated(self, model):
        self.fit(model)
        classes = list(range(self.classes))
        made = model.generate(labels=classes, seed=5)
        latents = model.draw_latents(self.classes, seed=5)
        assert_equal([made], [model.generate(latents=latents, labels=classes)])
        assert changed([made], [model.generate(latents=latents, labels=classes[::-1])])
        assert_equal([made[:1]], [model.generate(self.classes, labels=0, seed=5)[:1]])
        with pytest.raises(ValueError, match="labels is missing"):
            model.generate(3)

    def test_labels_decide_what_is_learnt(self, model):
        start = everything(model)
        arrays, labels = self.arrays_and_labels()
        model.fit(*arrays, labels, batch_size=4, verbose=0)
        learnt = everything(model)
        put_back(model, start)
        model.fit(*arrays, {"labels": labels}, batch_size=4, verbose=0)
        assert_equal(learnt, everything(model))
        put_back(model, start)
        model.fit(*arrays, (labels + 1) % self.classes, batch_size=4, verbose=0)
        assert changed(learnt, everything(model))

    def test_labels_decide_what_is_evaluated(self, model):
        arrays, labels = self.arrays_and_labels()
        given, others = (
            model.evaluate(*arrays, ids, batch_size=4, verbose=0, return_dict=True)
            for ids in (labels, (labels + 1) % self.classes)
        )
        assert given.keys() == others.keys()
        assert given["loss"] != others["loss"]

    def test_labels_that_it_cannot_read_are_told_before_a_step(self, model):
        start = everything(model)
        arrays, labels = self.arrays_and_labels()
        wrong = [np.full_like(labels, self.classes), labels.astype("float32"), labels[1:]]
        if not self.takes_unlabelled:
            wrong.append(np.full_like(labels, -1))
        for given in wrong:
            with pytest.raises(ValueError, match="label"):
                model.fit(*arrays, given, batch_size=4, verbose=0)
        with pytest.raises(ValueError, match="labels is missing"):
            model.fit(*arrays, batch_size=4, verbose=0)
        assert_equal(start, everything(model))
        if self.takes_unlabelled:
            labels[:2] = -1
            history = model.fit(*arrays, labels, batch_size=4, verbose=0).history
            assert np.isfinite(history["loss"]).all()

    def arrays_and_labels(self):
        *arrays, labels = self.arrays(8)
        return arrays, labels
