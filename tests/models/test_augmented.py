"""`augment` of every model that has a discriminator: who sees it, who does not, what is saved."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import DiffAugment, MaskingNoise
from keras_gans.models import Autoencoder, Pix2Pix, UnrolledGAN
from keras_gans.samples import Images
from tests import harness
from tests.backends import shown_on_tensorflow
from tests.harness import assert_equal, coders, everything, images, labels, pairs_for
from tests.models.test_acgan import acgan
from tests.models.test_began import began
from tests.models.test_bigan import ali, bigan
from tests.models.test_denoising_autoencoder import denoising
from tests.models.test_infogan import infogan
from tests.models.test_semi_supervised_gan import semi_supervised
from tests.models.test_variational_autoencoder import variational
from tests.models.test_veegan import veegan
from tests.models.test_wgan import wgan

pytestmark = shown_on_tensorflow("which samples go through a layer is the same on every backend")


def dense_networks():
    model = harness.dense_gan()
    return model.generator, model.discriminator


BUILD = {
    "GAN": harness.dense_gan,
    "GAN of labels": harness.conditional_gan,
    "GAN with a penalty": lambda **given: harness.dense_gan(
        loss="relativistic", penalty="gradient_penalty", **given
    ),
    "ACGAN": acgan,
    "InfoGAN": infogan,
    "BiGAN": bigan,
    "ALI": ali,
    "SemiSupervisedGAN": semi_supervised,
    "ProgressiveGAN": harness.progressive_gan,
    "SRGAN": harness.srgan,
    "Pix2Pix": harness.pix2pix,
    "CycleGAN": harness.cyclegan,
    "WGAN": wgan,
    "BEGAN": began,
    "UnrolledGAN": lambda **given: UnrolledGAN(*dense_networks(), 4, 2, seed=3, **given),
    "VEEGAN": veegan,
}


class Marks(keras.layers.Layer):
    """Makes every pixel 0.5, counts its calls, and still passes gradients, of zero."""

    def __init__(self):
        super().__init__(dtype="float32")
        self.calls = 0

    def call(self, samples, training=False):
        assert training
        self.calls += 1
        return keras.tree.map_structure(lambda x: 0.0 * x + 0.5, samples)


def data(model, n=4):
    """What `fit` takes."""
    if hasattr(model, "generators"):
        return pairs_for(model, n)
    read = {"labels": labels(n)} if "labels" in model.conditions else None
    return (images(n, model.image_shape), read)


def judges(model):
    """The networks that tell real from generated."""
    return model.players.get("discriminator") or model.players["classifier"]


def watched(model):
    """A list to which the judges of a model add what images they are shown, from now on."""
    seen = []
    for network in judges(model):

        def call(inputs, *arguments, stock=network.call, **keywords):
            images = next(x for x in keras.tree.flatten(inputs) if len(x.shape) == 4)
            seen.append(ops.convert_to_numpy(ops.stop_gradient(images)))
            return stock(inputs, *arguments, **keywords)

        vars(network)["call"] = call
    return seen


@pytest.mark.parametrize("name", BUILD)
def test_the_discriminator_sees_augmented_samples_in_training_and_nobody_else_does(name):
    keras.utils.set_random_seed(0)
    marks = Marks()
    model = BUILD[name](augment=marks)
    model.compile(run_eagerly=True)
    seen = watched(model)
    model.fit(*data(model), batch_size=4, verbose=0)
    assert len(seen) >= 3  # Real and generated ones, and those of the generator's move.
    mark = 0.5 if model.samples.range == (-1, 1) else 0.75
    for shown in seen:
        np.testing.assert_allclose(shown, mark, rtol=1e-6)
    calls = marks.calls
    seen.clear()
    model.evaluate(*data(model), batch_size=4, verbose=0)
    assert seen
    assert all((shown != mark).any() for shown in seen)
    for endpoint in model.endpoints().values():
        rows = {key: () if key == "seed" else (2,) for key in endpoint.inputs}
        endpoint.function(
            **{
                key: ops.zeros((*rows[key], *(side or 8 for side in spec.shape)), spec.dtype)
                for key, spec in endpoint.inputs.items()
            }
        )
    assert marks.calls == calls


@pytest.mark.parametrize(
    "name", ["GAN with a penalty", "ProgressiveGAN", "SRGAN", "Pix2Pix", "CycleGAN", "VEEGAN"]
)
def test_a_saved_run_goes_on_with_the_draws_that_come_next(name, tmp_path):
    keras.utils.set_random_seed(0)
    model = BUILD[name](augment=DiffAugment("color", "cutout", seed=5))
    model.compile(run_eagerly=True)
    arguments = {"batch_size": 4, "shuffle": False, "verbose": 0}
    model.fit(*data(model), **arguments)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.augment.get_config() == model.augment.get_config()
    assert_equal(everything(model), everything(loaded))
    drawn = ops.convert_to_numpy(model.augment.seed_generator.state.value)
    assert drawn[1] > 0 or drawn[0] != 5
    for one in (model, loaded):
        one.fit(*data(model), **arguments)
    assert_equal(everything(model), everything(loaded))


@pytest.mark.parametrize(
    "build",
    [
        lambda **given: Autoencoder(*coders(), 4, samples=Images((0, 1)), **given),
        lambda **given: denoising(MaskingNoise(0.3), **given),
        variational,
        lambda **given: Pix2Pix(harness.pix2pix().generator, None, **given),
    ],
)
def test_where_nobody_discriminates_it_is_refused(build):
    with pytest.raises(ValueError, match=r"has no discriminator here .* leave out `augment`"):
        build(augment=DiffAugment()).compile()


def test_source_and_target_are_transformed_alike():
    model = harness.pix2pix(augment=DiffAugment("translation"))
    model.compile(run_eagerly=True)
    seen = watched(model)
    source = images(4, (8, 8, 1))
    model.fit(source, np.repeat(source, 3, -1), batch_size=4, verbose=0, shuffle=False)
    # Of a target that is its source, all channels are one.
    assert (seen[0] == seen[0][..., :1]).all()
    assert (seen[0][..., 0] != source[..., 0].astype("float32") / 127.5 - 1).any()
