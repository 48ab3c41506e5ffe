"""Images that are drawn by class or by weight."""

import numpy as np
import pytest

from keras_gans.data import ImageDataset
from keras_gans.data.drawing import BalancedDraw, WeightedDraw, draw_by

# 90 images of class 0, 9 of class 1, 1 of class 5 and 20 without a label, mixed.
LABELS = np.random.default_rng(0).permutation(np.repeat([0, 1, 5, -1], [90, 9, 1, 20]))
LABELS = LABELS.astype("int32")


def labelled(**options):
    images = np.arange(120, dtype="uint8").reshape(120, 1, 1, 1)
    names = ["a", "b", "c", "d", "e", "f"]
    return ImageDataset(images, 16, fields={"labels": LABELS}, class_names=names, **options)


def counts(rows):
    return {label: int((LABELS[rows] == label).sum()) for label in (0, 1, 5, -1)}


def test_each_class_comes_equally_often_in_each_pass():
    dataset = labelled(balanced=True, seed=3)
    for number in range(3):
        rows = dataset.order_of_pass(number)
        assert counts(rows) == {0: 40, 1: 40, 5: 40, -1: 0}
        assert set(rows[LABELS[rows] == 1]) == set(np.flatnonzero(LABELS == 1))
        assert 20 < len(set(rows[LABELS[rows] == 0])) < 40  # With replacement.
    in_batches = np.concatenate([fields["labels"] for _, fields in dataset])
    np.testing.assert_array_equal(in_batches, LABELS[dataset.order(0)])
    assert (in_batches[:60] == 0).sum() not in (0, 40)  # In no order of classes.


def test_the_classes_that_come_once_more_change():
    draw = BalancedDraw(np.array([0, 1, 2], "int32"))
    drawn = [draw(np.random.default_rng(seed), 4) for seed in range(40)]
    assert {tuple(np.bincount(rows, minlength=3)) for rows in drawn} == {
        (2, 1, 1),
        (1, 2, 1),
        (1, 1, 2),
    }


def test_images_come_as_often_as_their_weights_say():
    weights = np.array([0.0, 3.0, 1.0, 0.0, 6.0, 0.0])
    rows = WeightedDraw(weights)(np.random.default_rng(0), 100_000)
    np.testing.assert_allclose(np.bincount(rows, minlength=6) / 1e5, weights / 10, atol=0.006)


def test_an_image_of_no_weight_is_not_drawn_by_the_outermost_numbers_either():
    class Outermost:
        def random(self, n):
            return np.array([0.0, 0.5, np.nextafter(1.0, 0.0)])

    assert WeightedDraw([0, 2, 0, 2, 0])(Outermost(), 3).tolist() == [1, 3, 3]


@pytest.mark.parametrize("weights", [{"b": 10, "f": 0, -1: 0}, {1: 10.0, 5: 0.0, -1: 0.0}])
def test_weights_of_classes_are_those_of_each_of_their_images(weights):
    dataset = labelled(weights=weights)
    drawn = counts(np.concatenate([dataset.order_of_pass(number) for number in range(100)]))
    assert drawn[5] == drawn[-1] == 0
    assert drawn[1] / drawn[0] == pytest.approx(1.0, abs=0.05)  # 9 times 10, and 90 times 1.


@pytest.mark.parametrize("how", [{"balanced": True}, {"weights": np.arange(120.0)}])
def test_what_is_drawn_follows_from_the_seed_and_the_pass(how):
    dataset, again = labelled(seed=1, **how), labelled(seed=1, **how)
    passes = [dataset.order_of_pass(number) for number in range(3)]
    np.testing.assert_array_equal(again.order_of_pass(2), passes[2])
    assert (passes[0] != passes[1]).any()
    assert (labelled(seed=2, **how).order_of_pass(0) != passes[0]).any()
    again.epoch = 2
    for index, (images, fields) in enumerate(again):
        rows = dataset.rows_of_batch(2, index)
        np.testing.assert_array_equal(images.ravel(), rows)
        np.testing.assert_array_equal(fields["labels"], LABELS[rows])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"balanced": True, "weights": np.ones(120)}, "both say how often"),
        ({"weights": np.ones(3)}, r"each of the 120 images, .* their shape is \[3\]"),
        ({"weights": -np.ones(120)}, "range from -1 to -1"),
        ({"weights": np.zeros(120)}, "not all 0"),
        ({"weights": np.full(120, np.nan)}, "range from nan to nan"),
        ({"weights": np.full(120, np.inf)}, "range from inf to inf"),
        ({"weights": {"zebra": 2}}, "of 'zebra'. The classes are a, b, c, d, e, f"),
        ({"weights": {"d": 2}}, "no image is of 3"),
        ({"balanced": True, "shuffle": False}, "shuffle=False rules out"),
        ({"weights": np.ones(120), "shuffle": False}, "shuffle=False rules out"),
    ],
)
def test_what_cannot_be_drawn_by_is_told(how, said):
    with pytest.raises(ValueError, match=said):
        labelled(**how)


@pytest.mark.parametrize("how", [{"balanced": True}, {"weights": {0: 2}}])
def test_classes_need_labels(how):
    images = np.zeros((4, 1, 1, 1), "uint8")
    with pytest.raises(ValueError, match="draw by class, but there are none"):
        ImageDataset(images, **how)
    with pytest.raises(ValueError, match="draw by class, but they are no ids"):
        ImageDataset(images, fields={"labels": np.zeros((4, 3))}, **how)


def test_there_is_nothing_to_balance_where_no_image_has_a_label():
    with pytest.raises(ValueError, match="all 4 images are without one"):
        BalancedDraw(np.full(4, -1, "int32"))


def test_nothing_is_drawn_where_nobody_asks():
    assert draw_by(False, None, None, None, 4) is None
