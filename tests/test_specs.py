import numpy as np
import pytest

from keras_gans.specs import Spec

LABELS = Spec("labels", (), "int32", low=0, high=9)


def test_labels_know_how_many_classes_there_are():
    assert LABELS.classes == 10
    assert Spec("labels", (), "int32", low=0).classes is None


@pytest.mark.parametrize(
    ("spec", "values", "sentence"),
    [
        (LABELS, np.array([0, 10]), "from 0 to 9, but 10 is one"),
        (LABELS, np.array([0, -1]), "-1 is one. -1 stands for no label"),
        (Spec("labels", (), "int32", 0), np.array([2**40]), "fit int32, but 1099511627776"),
        (LABELS, np.array([0.0, 1.0]), "whole numbers.*float64"),
        (LABELS, np.eye(3, dtype="int32"), r"shape \(n,\), but it is \(3, 3\). Of one-hot"),
        (LABELS, np.zeros((3, 1), "int32"), r"Take `\[:, 0\]`"),
        (Spec("vector", (2,), "float32"), np.zeros((3, 3)), r"shape \(n, 2\), but it is \(3, 3\)"),
        (Spec("vector", (2,), "float32"), np.full((3, 2), np.nan), "finite"),
        (Spec("images", (4, 4, 1), "uint8"), np.zeros((3, 4, 4, 3), "uint8"), "4, 4, 1"),
        (Spec("labels", (), "int32", 0, 1, ("a", "b")), np.array([2]), "one of 2 classes"),
    ],
)
def test_values_of_another_kind_are_told(spec, values, sentence):
    with pytest.raises(ValueError, match=sentence):
        spec.check(values, "labels")


def test_values_of_its_kind_pass():
    LABELS.check(np.arange(10, dtype="uint8"), "labels")
    LABELS.check(np.zeros(0, "int64"), "labels")
    Spec("vector", (None,), "float32").check(np.zeros((3, 7), int), "pose")
