"""The features of VGG19, with random weights: the file of the trained ones is not needed."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.networks import vgg19_features
from keras_gans.networks.vgg import FILE, CaffePreprocessing


def images(n=1, side=32):
    return np.random.default_rng(0).integers(0, 256, (n, side, side, 3)).astype("float32")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A file of random weights, in the form of the published one."""
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("vgg") / "vgg19_notop.weights.h5"
    vgg = keras.applications.VGG19(include_top=False, weights=None, input_shape=(None, None, 3))
    vgg.save_weights(path)
    return path, vgg


def test_images_are_prepared_as_keras_applications_does():
    pixels = images()
    expected = keras.applications.vgg19.preprocess_input(pixels.copy())
    prepared = CaffePreprocessing()(pixels / 127.5 - 1)
    np.testing.assert_allclose(ops.convert_to_numpy(prepared), expected, atol=1e-4)


@pytest.mark.parametrize("layer", ["block2_conv2", "block5_conv4"])
def test_the_features_are_those_of_the_layer(layer, weights):
    path, vgg = weights
    pixels = images()
    expected = keras.Model(vgg.input, vgg.get_layer(layer).output).predict(
        keras.applications.vgg19.preprocess_input(pixels.copy()), verbose=0
    )
    features = vgg19_features(layer, weights=path)
    made = features.predict(pixels / 127.5 - 1, verbose=0)
    np.testing.assert_allclose(made, expected / 12.75, rtol=1e-3, atol=1e-3 * expected.max())
    assert not features.trainable_weights


def test_before_the_activation_features_are_negative_too(weights):
    path, _ = weights
    pixels = images() / 127.5 - 1
    before = vgg19_features("block1_conv2", activation=False, scale=1.0, weights=path)
    after = vgg19_features("block1_conv2", scale=1.0, weights=path)
    features = before.predict(pixels, verbose=0)
    assert features.min() < 0
    np.testing.assert_allclose(np.maximum(features, 0), after.predict(pixels, verbose=0), rtol=1e-5)


def test_an_unknown_layer_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(ValueError, match="block5_conv4; not 'conv54'"):
        vgg19_features("conv54", weights=None)
    with pytest.raises(FileNotFoundError, match="no weights of VGG19"):
        vgg19_features(weights=tmp_path / "vgg.h5")


def test_weights_that_cannot_be_downloaded_are_named(monkeypatch):
    def refuse(*arguments, **keywords):
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.applications, "VGG19", refuse)
    with pytest.raises(OSError, match=FILE):
        vgg19_features()


def test_remote_weights_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="VGG19's weights must lie on this machine"):
        vgg19_features(weights="s3://bucket/weights.h5")
