"""What all augmentations promise: when they act, on what, and what passes through them."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import losses
from keras_gans.engine.backend import backend
from keras_gans.layers import AdaptiveAugment, DiffAugment, InstanceNoise
from keras_gans.schedules import Linear
from tests.harness import assert_equal, numpy_of

RNG = np.random.default_rng(0)
LAYERS = {
    "color": lambda: DiffAugment("color", seed=1),
    "translation": lambda: DiffAugment("translation", seed=1),
    "cutout": lambda: DiffAugment("cutout", seed=1),
    "DiffAugment": lambda: DiffAugment(seed=1),
    "AdaptiveAugment": lambda: AdaptiveAugment(0.9, seed=1),
    "InstanceNoise": lambda: InstanceNoise(0.2, seed=1),
}
EACH = pytest.mark.parametrize("name", LAYERS)
OF_SEVERAL = pytest.mark.parametrize("name", ["DiffAugment", "AdaptiveAugment", "InstanceNoise"])


def images(n=4, channels=3):
    return ops.convert_to_tensor(RNG.uniform(-1, 1, (n, 8, 6, channels)).astype("float32"))


def augmented(layer, x, **arguments):
    return keras.tree.map_structure(ops.convert_to_numpy, layer(x, training=True, **arguments))


@EACH
def test_outside_of_training_nothing_is_drawn_and_nothing_changes(name):
    layer, x = LAYERS[name](), images()
    assert layer(x) is x
    assert (augmented(layer, x) == augmented(LAYERS[name](), x)).all()
    assert (augmented(layer, x) != augmented(LAYERS[name](), x)).any()


@OF_SEVERAL
@pytest.mark.parametrize(("n", "channels"), [(1, 1), (3, 6)])
def test_any_number_of_images_and_channels(name, n, channels):
    made = augmented(LAYERS[name](), images(n, channels))
    assert made.shape == (n, 8, 6, channels)
    assert np.isfinite(made).all()


@pytest.mark.parametrize("name", ["DiffAugment", "AdaptiveAugment"])
def test_a_pair_is_transformed_alike(name):
    x = images()
    first, second = augmented(LAYERS[name](), (x, 0.5 * ops.ones_like(x) + 0.5 * x))
    alone = augmented(LAYERS[name](), x)
    np.testing.assert_array_equal(first, alone)
    layer = LAYERS[name]()
    drawn = layer.draws(4, layer.strength)
    np.testing.assert_allclose(
        second, numpy_of(layer.transformed(0.5 * ops.ones_like(x) + 0.5 * x, drawn)), atol=1e-6
    )


@EACH
def test_gradients_pass_through_once_and_twice(name):
    """f(x) = w / 2 |A x + b|^2 of fixed draws: its derivatives in x, and those of R1 in w."""
    layer, x = LAYERS[name](), images(3)
    drawn, state = layer.draws(3, layer.strength), layer.seed_generator.state
    weight, start = keras.Variable(0.7), ops.convert_to_numpy(state.value)

    def discriminator(samples, training=True):
        state.assign(start)  # Noise is drawn where it is added.
        made = layer.transformed(samples, drawn)
        return weight * ops.sum(ops.square(made), axis=(1, 2, 3)) / 2

    gradient = numpy_of(backend.input_gradient(discriminator, x))
    way = RNG.normal(size=x.shape).astype("float32")
    ahead, behind = (numpy_of(discriminator(x + step * way)).sum() for step in (0.5, -0.5))
    # The difference of a quadratic is exact, however long the step is.
    assert (gradient * way).sum() == pytest.approx(ahead - behind, rel=1e-3, abs=1e-3)

    def r1():
        return losses.r1(discriminator, x), None

    _, (slope,) = backend.gradients(r1, [weight])
    expected = 0.5 * np.square(gradient).sum((1, 2, 3)).mean()
    assert float(numpy_of(r1()[0])) == pytest.approx(expected, rel=1e-5)
    assert float(numpy_of(slope)) == pytest.approx(2 * expected / 0.7, rel=1e-5)


@OF_SEVERAL
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_that_of_the_samples_alone(name, dtype):
    x = images()
    expected = augmented(LAYERS[name](), x)
    layer = LAYERS[name]()
    config = {**layer.get_config(), "dtype": f"mixed_{dtype}"}
    made = type(layer).from_config(config)(x, training=True)
    assert keras.backend.standardize_dtype(made.dtype) == dtype
    np.testing.assert_allclose(numpy_of(ops.cast(made, "float32")), expected, atol=0.05)
    assert all(v.dtype == "float32" for v in layer.weights)


@EACH
def test_its_config_makes_it_again(name):
    layer, x = LAYERS[name](), images()
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert_equal([augmented(layer, x)], [augmented(again, x)])
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("build", [AdaptiveAugment, InstanceNoise])
def test_a_schedule_is_for_a_model_to_follow(build):
    fading = build(Linear(0.8, 0.0, images=100))
    again = type(fading).from_config(fading.get_config())
    assert again.strength.get_config() == fading.strength.get_config()
    assert augmented(again, images(), strength=0.5).shape == (4, 8, 6, 3)
    with pytest.raises(ValueError, match=rf"{build.__name__} follows Linear.*`augment`, or call"):
        again(images(), training=True)


@pytest.mark.parametrize("name", ["DiffAugment", "AdaptiveAugment"])
def test_samples_that_are_no_images_are_told(name):
    with pytest.raises(ValueError, match=r"transforms images .* shape \(3, 2\)"):
        LAYERS[name]()(ops.ones((3, 2)), training=True)
