"""Activations at the end of a network that do not fit its part."""

import warnings

import keras
import pytest
from keras import layers

from keras_gans.models import GAN
from keras_gans.samples import Images
from tests.harness import cyclegan


def discriminator(*last):
    return keras.Sequential(
        [keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1, name="scores"), *last],
        name="judge",
    )


def generator(*last, activation=None):
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(16, activation, name="pixels"),
            layers.Reshape((4, 4, 1)),
            *last,
        ],
        name="painter",
    )


def functional(last):
    images = keras.Input((4, 4, 1))
    return keras.Model(images, last(discriminator()(images)), name="judge")


def nested(network):
    """A network whose last layer is a network, followed by what only casts."""
    images = keras.Input((4, 4, 1))
    cast = layers.Activation("linear", dtype="float32")
    return keras.Model(images, cast(network(images)), name="outer")


def compiled(a_generator, a_discriminator, **arguments):
    GAN(a_generator, a_discriminator, latent_dim=2, **arguments).compile()


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (
            lambda: discriminator(layers.Activation("sigmoid", name="last")),
            "judge.*sigmoid.*'last'",
        ),
        (lambda: discriminator(layers.Softmax(name="last")), "judge.*softmax.*'last'"),
        (
            lambda: discriminator(layers.Dense(1, "hard_sigmoid", name="last")),
            "hardsigmoid.*'last'",
        ),
        (lambda: functional(keras.ops.sigmoid), "judge ends in a sigmoid"),
        (lambda: nested(discriminator(layers.Dense(1, "sigmoid", name="last"))), "sigmoid.*'last'"),
        (lambda: nested(functional(layers.Activation("sigmoid", name="last"))), "sigmoid.*'last'"),
    ],
)
@pytest.mark.parametrize("loss", ["non_saturating", "wasserstein"])
def test_scores_that_are_probabilities_are_told_once(build, named, loss):
    with pytest.warns(UserWarning, match=f"{named}.*raw scores.*layer without activation") as seen:
        compiled(generator(), build(), loss=loss)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: generator(activation="sigmoid"), "painter ends in a sigmoid.*'pixels'"),
        (lambda: generator(layers.ReLU(name="last")), "relu.*'last'"),
        (lambda: generator(layers.Activation("softplus", name="last")), "softplus.*'last'"),
    ],
)
def test_images_that_cannot_be_dark_are_told_once(build, named):
    with pytest.warns(UserWarning, match=rf"{named}.*images are in \[-1, 1\].*tanh") as seen:
        compiled(build(), discriminator())
    assert len(seen) == 1


def test_translators_and_other_players_are_looked_at_too():
    model = cyclegan()
    model.generator_ba.add(layers.ReLU())
    model.discriminator_b.add(layers.Activation("sigmoid"))
    with pytest.warns(UserWarning) as seen:
        model.compile()
    assert [str(w.message).split(" ends")[0] for w in seen] == [
        model.generator_ba.name,
        model.discriminator_b.name,
    ]


def test_what_fits_brings_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        compiled(generator(layers.ReLU(negative_slope=0.2)), discriminator())
        points = keras.Sequential([keras.Input((2,)), layers.Dense(2, "sigmoid")])
        compiled(points, keras.Sequential([keras.Input((2,)), layers.Dense(1)]))


def test_a_sigmoid_is_right_where_images_are_in_0_to_1_and_a_tanh_is_told():
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        compiled(generator(activation="sigmoid"), discriminator(), samples=Images(range=(0, 1)))
    with pytest.warns(
        UserWarning, match=r"tanh \(layer 'pixels'\).*\[0, 1\].*in a sigmoid"
    ) as seen:
        compiled(generator(activation="tanh"), discriminator(), samples=Images(range=(0, 1)))
    assert len(seen) == 1
