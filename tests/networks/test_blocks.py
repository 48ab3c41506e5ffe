"""What the networks are made of."""

import keras
import pytest

from keras_gans.layers import BatchNormalization, InstanceNormalization
from keras_gans.networks.blocks import convolution, normalize


def test_each_kind_has_its_layer():
    assert isinstance(normalize("batch"), BatchNormalization)
    assert isinstance(normalize("instance"), InstanceNormalization)


def test_an_unknown_kind_is_told():
    with pytest.raises(ValueError, match='"batch" or "instance"; it was \'layer\''):
        normalize("layer")


def test_a_bias_is_where_the_normalization_has_no_offset():
    assert convolution("instance", 3)["use_bias"]
    assert not convolution("batch", 3)["use_bias"]
    keras.layers.Conv2D(4, **convolution("batch", 3, strides=2, padding="same"))
