"""Conditions and sources: what stands beside the latents, and where these come from."""

import functools

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.data import ImageDataset
from keras_gans.latents import Categorical, Normal, Uniform
from keras_gans.models import GAN, ProgressiveGAN
from keras_gans.networks.progressive import ProgressiveDiscriminator, ProgressiveGenerator
from tests.harness import (
    assert_equal,
    changed,
    conditional_gan,
    dense_gan,
    images,
    labels,
    state_of,
)

PIXELS, IDS = images(10, (4, 4, 1)), labels(10)


def fitted(x, y=None, build=conditional_gan, **arguments):
    keras.utils.set_random_seed(1)
    model = build()
    model.compile()
    arguments = {"batch_size": 4, "epochs": 2, "verbose": 0, **arguments}
    model.fit(x, y, **arguments)
    return model


def test_labels_train_alike_in_every_form():
    first = state_of(fitted(PIXELS, IDS).weights)
    others = [
        fitted(PIXELS, {"labels": IDS}),
        fitted(PIXELS, IDS.tolist()),
        fitted({"images": PIXELS, "labels": IDS.astype("int64")}),
        fitted(ImageDataset(PIXELS, 4, fields={"labels": IDS}, seed=3), batch_size=None),
    ]
    for other in others:
        assert_equal(first, state_of(other.weights))
    assert changed(first, state_of(fitted(PIXELS, (IDS + 1) % 3).weights))


def test_batches_of_tf_data_train_with_their_labels():
    tf = pytest.importorskip("tensorflow")
    pairs = tf.data.Dataset.from_tensor_slices((PIXELS, IDS)).batch(4)
    dicts = pairs.map(lambda x, y: {"images": x, "labels": y})
    beside = pairs.map(lambda x, y: (x, {"labels": y}))
    sets = [
        state_of(fitted(data, batch_size=None, shuffle=False).weights)
        for data in (pairs, dicts, beside)
    ]
    assert_equal(sets[0], sets[1])
    assert_equal(sets[0], sets[2])


def test_fakes_have_the_labels_of_their_batch():
    model = conditional_gan(discriminator_steps=2)
    model.compile(run_eagerly=True)
    seen = {"generator": [], "discriminator": []}
    names = {id(model.generator): "generator", id(model.discriminator): "discriminator"}
    run = model.run

    def watched(network, main, conditions, **arguments):
        seen[names[id(network)]].append(ops.convert_to_numpy(conditions["labels"]).tolist())
        return run(network, main, conditions, **arguments)

    object.__setattr__(model, "run", watched)
    model.train_on_batch(PIXELS[:4], IDS[:4])
    first, second = IDS[:2].tolist(), IDS[2:4].tolist()
    # Of each part the fakes; then the scores of real and fake; and the generator's own.
    assert seen["generator"] == [first, second, second]
    assert seen["discriminator"] == [first, first, second, second, second]


def test_classes_have_names_that_files_keep(tmp_path):
    names = ["bag", "coat", "shirt"]
    data = ImageDataset(PIXELS, 4, fields={"labels": IDS}, class_names=names)
    model = fitted(data, batch_size=None)
    assert model.class_names == ("bag", "coat", "shirt")
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.class_names == model.class_names
    images = loaded.generate(labels=["shirt", "bag"], seed=1)
    assert_equal([images], [model.generate(labels=[2, 0], seed=1)])
    with pytest.raises(ValueError, match="No class is known as 'hat': the classes are bag, coat"):
        model.generate(labels=["hat"])
    assert dense_gan().get_config().get("class_names") is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            (PIXELS,),
            r"reads labels beside the images, and labels is missing in `\w+`. Pass fit",
        ),
        ((PIXELS, {"ids": IDS}), "labels is missing"),
        ((PIXELS, IDS[:9]), "one row for each of the 10 images"),
        ((PIXELS, IDS + 1), "from 0 to 2, but 3 is one"),
        ((PIXELS, IDS - 1), "-1 stands for no label"),
        ((PIXELS, IDS.astype("float32")), "whole numbers"),
        ((PIXELS, np.eye(3, dtype="int32")[IDS]), "one-hot"),
    ],
)
def test_data_without_the_labels_that_are_read_are_told_before_a_step(data, sentence):
    model = conditional_gan()
    model.compile()
    before = state_of(model.variables)
    for use in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=sentence):
            use(*data, batch_size=4, verbose=0)
    with pytest.raises(ValueError, match=sentence):
        model.fit(PIXELS, IDS, validation_data=data, batch_size=4, verbose=0)
    assert_equal(before, state_of(model.variables))


def test_a_wrong_label_late_in_a_batch_is_told():
    model = conditional_gan()
    model.compile()
    ids = np.append(np.zeros(9, "int32"), 7)
    for call in (model.train_on_batch, model.test_on_batch):
        for data in ((PIXELS, ids), ({"images": PIXELS, "labels": ids},), (PIXELS, ids.tolist())):
            with pytest.raises(ValueError, match="but 7 is one"):
                call(*data)
        with pytest.raises(ValueError, match="10 images in `x` and 12 labels"):
            call(PIXELS, np.zeros(12, "int32"))
        with pytest.raises(ValueError, match="something without a name beside it"):
            call({"images": PIXELS, "labels": IDS}, IDS)


def test_images_without_a_label_train_nobody_where_they_are_not_drawn():
    ids = np.append(IDS[:9], -1)
    weights = np.append(np.ones(9), 0)
    for drawn in ({"balanced": True}, {"weights": weights}):
        data = ImageDataset(PIXELS, 4, fields={"labels": ids}, **drawn)
        model = fitted(data, batch_size=None)
        assert int(model.optimizer.iterations) == 6
    with pytest.raises(ValueError, match="-1 stands for no label"):
        fitted(ImageDataset(PIXELS, 4, fields={"labels": ids}), batch_size=None)


def test_what_is_not_read_beside_labels_is_mentioned_too():
    with pytest.warns(UserWarning, match="GAN reads images, labels alone: pose is not used"):
        fitted(PIXELS, {"labels": IDS, "pose": np.zeros((10, 2))})


def test_only_the_judge_need_know_a_condition():
    judged, plain = conditional_gan(), dense_gan()
    model = fitted(PIXELS, IDS, lambda: GAN(plain.generator, judged.discriminator, 4, seed=3))
    assert list(model.conditions) == ["labels"]
    assert list(model.endpoints()["from_latents"].inputs) == ["latents"]
    assert model.generate(2, seed=1).shape == (2, 4, 4, 1)
    assert model.usual_conditions(3) == {}
    model.evaluate(PIXELS, IDS, verbose=0)


def test_a_wrong_label_late_in_an_array_is_told():
    ids = np.append(np.zeros(99, "int32"), 7)
    model = conditional_gan()
    model.compile()
    with pytest.raises(ValueError, match="but 7 is one"):
        model.fit(images(100, (4, 4, 1)), ids, batch_size=4, verbose=0)


def test_labels_that_nothing_reads_are_mentioned_once():
    with pytest.warns(UserWarning, match="GAN reads images alone") as told:
        model = fitted(PIXELS, IDS, dense_gan)
        model.fit(PIXELS, IDS, batch_size=4, verbose=0)
    assert len(told) == 1
    alone = fitted(PIXELS, None, dense_gan)
    alone.fit(PIXELS, batch_size=4, verbose=0)
    assert_equal(state_of(model.weights), state_of(alone.weights))


def test_evaluation_reads_the_labels_and_repeats():
    model = fitted(PIXELS, IDS)
    first = model.evaluate(PIXELS, IDS, verbose=0, return_dict=True)
    assert first == model.evaluate(PIXELS, {"labels": IDS}, verbose=0, return_dict=True)
    assert first != model.evaluate(PIXELS, (IDS + 1) % 3, verbose=0, return_dict=True)


def test_an_average_and_a_penalty_know_the_labels():
    build = functools.partial(
        conditional_gan, ema_decay=0.5, loss="wasserstein", penalty="gradient_penalty"
    )
    model = fitted(PIXELS, IDS, build)
    inputs = [model.draw_latents(3, seed=1), IDS[:3]]
    expected = model.averaged_generator(inputs, training=False)
    made = model.predict({"latents": inputs[0], "labels": inputs[1]}, verbose=0)
    np.testing.assert_allclose(made, ops.convert_to_numpy(expected), atol=1e-6)


def coded(vector=False, **arguments):
    """Points of noise, of a code and of an angle; or of noise and a pose."""
    inputs = {"noise": keras.Input((2,), name="noise")}
    if vector:
        inputs["pose"] = keras.Input((3,), name="pose")
        parts, sources = list(inputs.values()), {"noise": Normal(2)}
    else:
        inputs["code"] = keras.Input((), dtype="int32", name="code")
        inputs["angle"] = keras.Input((1,), name="angle")
        parts = [inputs["noise"], layers.Embedding(5, 2)(inputs["code"]), inputs["angle"]]
        sources = {"noise": Normal(2), "code": Categorical(5), "angle": Uniform(1, -1, 1)}
    points = layers.Dense(3)(layers.Concatenate()(parts))
    discriminator = keras.Sequential([keras.Input((3,)), layers.Dense(4, "tanh"), layers.Dense(1)])
    generator = keras.Model(inputs, points)
    return GAN(generator, discriminator, latents=sources, seed=3, **arguments)


def test_the_draws_of_a_step_begin_anew_with_no_source_before_them():
    one, several = dense_gan(), coded()
    like = ops.zeros((4, 1))
    drawn = several.sample_latents(like)
    assert len(several.latent_seeds) == 3
    assert set(ops.convert_to_numpy(drawn["code"]).tolist()) <= set(range(5))
    assert ops.convert_to_numpy(one.sample_latents(like)).shape == (4, 4)
    again = coded().sample_latents(like)
    for name in drawn:
        assert_equal([ops.convert_to_numpy(drawn[name])], [ops.convert_to_numpy(again[name])])


def test_a_vector_is_a_condition():
    model = coded(vector=True)
    model.compile()
    real = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
    model.fit(real, {"pose": real}, batch_size=4, verbose=0)
    assert model.generate(2, pose=real[:2]).shape == (2, 3)
    with pytest.raises(ValueError, match=r"`pose` to have the shape \(n, 3\)"):
        model.generate(2, pose=real[:2, :2])
    with pytest.raises(ValueError, match="reads pose beside the points"):
        model.fit(real, batch_size=4, verbose=0)


def test_sources_that_the_generator_does_not_take_are_told():
    generator, discriminator = coded().generator, coded().discriminator
    sources = coded().latents
    for latents, sentence in (
        ({**sources, "code": Categorical(6)}, "knows 5 classes of code; .* draws 6"),
        ({**sources, "noise": Normal(3)}, r"takes inputs of shape \(None, 2\) as noise"),
    ):
        with pytest.raises(ValueError, match=sentence):
            GAN(generator, discriminator, latents=latents)
    plain = keras.Sequential([keras.Input((2,)), layers.Dense(3)])
    with pytest.raises(ValueError, match="no input named 'noise'"):
        GAN(plain, discriminator, latents={"noise": Normal(2), "other": Normal(2)})


def test_inputs_that_are_missing_are_told():
    model = conditional_gan()
    with pytest.raises(ValueError, match="of latents, labels; labels is missing"):
        model.predict(model.draw_latents(2, seed=0), verbose=0)
    model = coded()
    with pytest.raises(ValueError, match="code, angle is missing"):
        model.predict({"noise": np.zeros((2, 2))}, verbose=0)
    ends = [np.zeros(2), np.ones(2)]
    for wrong in (ends, [{"noise": end} for end in ends]):
        with pytest.raises(ValueError, match=r"The latents are noise|latents of noise, code"):
            model.interpolate(*wrong, 3)
    with pytest.raises(ValueError, match="pass a dict of them"):
        model.generate(latents=np.zeros((2, 2)))
    drawn = model.draw_latents(2, seed=0)
    with pytest.raises(ValueError, match="give either the latents"):
        model.generate(seed=3, **drawn)


def test_uniform_latents_are_drawn_in_their_range():
    networks = dense_gan()
    model = GAN(networks.generator, networks.discriminator, latents=Uniform(4, 0, 1), seed=1)
    assert model.latent_dim == 4
    drawn = ops.convert_to_numpy(model.sample_latents(ops.zeros((1000, 1))))
    assert 0 <= drawn.min() < 0.01 < 0.99 < drawn.max() <= 1
    again = GAN.from_config(model.get_config())
    assert again.latents == {"latents": Uniform(4, 0, 1)}


class LabelledGenerator(ProgressiveGenerator):
    """Adds an embedded label to the latents."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.embedding = layers.Embedding(3, self.latent_dim)
        self.embedding.build()
        self.inputs = named_inputs(latents=(self.latent_dim,))

    def call(self, inputs, level=None, alpha=1.0, training=None):
        latents, labels = inputs
        return super().call(latents + self.embedding(labels), level, alpha, training)


class LabelledDiscriminator(ProgressiveDiscriminator):
    """Adds a score of the label."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.embedding = layers.Embedding(3, 1)
        self.embedding.build()
        self.inputs = named_inputs(images=self.image_shape)

    def call(self, inputs, level=None, alpha=1.0, training=None):
        images, labels = inputs
        return super().call(images, level, alpha, training) + self.embedding(labels)


def named_inputs(**shapes):
    tensors = [keras.KerasTensor((None, *shape), name=name) for name, shape in shapes.items()]
    return [*tensors, keras.KerasTensor((None,), "int32", name="labels")]


def test_networks_that_take_labels_make_a_growing_model_conditional():
    model = ProgressiveGAN(
        LabelledGenerator((8, 8, 1), 4, 16, 4),
        LabelledDiscriminator((8, 8, 1), 16, 4),
        4,
        fade_images=8,
        stabilise_images=8,
        minibatches={4: 4},
        ema_decay=None,
    )
    model.compile()
    pixels, ids = images(16, (8, 8, 1)), labels(16)
    model.fit(pixels, ids, epochs=2, verbose=0, validation_data=(pixels[:4], ids[:4]))
    assert model.resolution == 8
    made = model.generate(seed=1, labels=[0, 1, 2])
    assert made.shape == (3, 8, 8, 1)
    assert changed([made], [model.generate(seed=1, labels=[1, 2, 0])])
    assert model.generate(seed=1, labels=[0, 1], resolution=4).shape == (2, 4, 4, 1)
