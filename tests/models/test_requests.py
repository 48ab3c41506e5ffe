"""Requests by conditions; what is told of wrong ones is in test_latent_model.py."""

import numpy as np

from keras_gans.models.requests import conditions_for, usual
from tests.harness import conditional_gan, dense_gan


def test_one_value_is_for_all_samples():
    rows, n = conditions_for(conditional_gan(), {"labels": 2}, {"num_images": 3})
    assert n == 3
    assert rows["labels"].tolist() == [2, 2, 2]
    rows, n = conditions_for(conditional_gan(), {"labels": [0, 1]}, {"num_images": None})
    assert n == 2
    assert rows["labels"].dtype == np.int32


def test_names_stand_for_ids():
    model = conditional_gan()
    model.class_names = ("bag", "coat", "shirt")
    rows, _ = conditions_for(model, {"labels": ["shirt", "bag"]}, {"num_images": 2})
    assert rows["labels"].tolist() == [2, 0]
    rows, _ = conditions_for(model, {"labels": "coat"}, {"num_images": 2})
    assert rows["labels"].tolist() == [1, 1]
    assert usual(model, 4)["labels"].tolist() == [0, 1, 2, 0]


def test_a_model_without_conditions_has_none():
    assert conditions_for(dense_gan(), {}, {"num_images": 4, "latents": 4}) == ({}, 4)
