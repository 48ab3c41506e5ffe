"""What the base class refuses, and what it hands through."""

import keras
import numpy as np
import pytest

from keras_gans.engine import AdversarialModel
from tests.harness import assert_equal, changed, dense_gan, gan, images_for, state_of

BACKEND = keras.backend.backend()


class Quadratic(AdversarialModel):
    """One player, one weight w, loss (w - mean(x))^2 + 0.5: every number is known."""

    def __init__(self, regularizer=None, initial=0.0, **kwargs):
        super().__init__(**kwargs)
        self.network = keras.Sequential(
            [
                keras.Input((1,)),
                keras.layers.Dense(
                    1,
                    use_bias=False,
                    kernel_initializer=keras.initializers.Constant(initial),
                    kernel_regularizer=regularizer,
                ),
            ]
        )
        self.image_shape = (1,)
        self.track("generator_loss", "distance", "offset")

    @property
    def players(self):
        return {"generator": [self.network]}

    def default_optimizer(self, player):
        return keras.optimizers.SGD(0.1)

    def train_step(self, data):
        x = self.images(data)

        def terms():
            w = keras.ops.mean(self.network(keras.ops.ones_like(x)))
            return {"distance": (w - keras.ops.mean(x)) ** 2, "offset": 0.5}

        self.minimize("generator", terms)
        return self.logs()

    @property
    def w(self):
        return float(np.squeeze(self.network.get_weights()[0]))


def batch(*values):
    return np.array(values, "float32")[:, None]


def test_the_sum_of_the_terms_is_minimized_and_each_is_logged():
    model = Quadratic()
    model.compile()
    logs = model.train_on_batch(batch(1, 3), return_dict=True)
    assert model.w == pytest.approx(0.1 * 2 * 2)
    assert logs == pytest.approx({"generator_loss": 4.5, "distance": 4, "offset": 0.5, "loss": 4.5})


def test_weight_regularizers_take_part():
    model = Quadratic(regularizer=keras.regularizers.L2(0.5), initial=2.0)
    model.compile()
    logs = model.train_on_batch(batch(2, 2), return_dict=True)
    assert model.w == pytest.approx(2 - 0.1 * 2 * 0.5 * 2)
    assert logs["generator_loss"] == pytest.approx(0.5 + 0.5 * 4)


def test_gradient_accumulation_is_the_optimizer_s():
    plain, accumulating = Quadratic(), Quadratic()
    plain.compile()
    accumulating.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=2))
    plain.fit(batch(1, 2, 3, 6), batch_size=4, shuffle=False, verbose=0)
    accumulating.fit(batch(1, 2, 3, 6), batch_size=2, shuffle=False, verbose=0)
    assert accumulating.w == pytest.approx(plain.w, rel=1e-6)


def test_an_infinite_gradient_skips_and_halves_the_scale_of_its_own_player_only():
    keras.config.set_dtype_policy("mixed_float16")
    model = dense_gan()
    model.compile()
    model.fit(images_for(model, 4), verbose=0)
    networks = (model.generator, model.discriminator)
    before = [state_of(network.trainable_variables) for network in networks]
    scales = [float(optimizer.dynamic_scale) for optimizer in model.optimizer.optimizers]
    loss = model.generator_loss
    object.__setattr__(model, "generator_loss", lambda *a, **k: loss(*a, **k) * float("inf"))
    model.make_train_function(force=True)
    model.train_on_batch(images_for(model, 4))
    after = [state_of(network.trainable_variables) for network in networks]
    assert_equal(before[0], after[0], "the generator moved")
    assert changed(before[1], after[1])
    halved = [float(optimizer.dynamic_scale) for optimizer in model.optimizer.optimizers]
    assert halved == [scales[0], scales[1] / 2]


@pytest.mark.parametrize("through", [False, True])
def test_a_loss_that_depends_on_nothing_is_told(through):
    if BACKEND == "jax":
        pytest.skip("JAX has zeros for missing gradients")
    model = dense_gan(resample_latents=not through)
    model.compile()
    object.__setattr__(model, "generator_loss", lambda *_, **__: keras.ops.sum(keras.ops.ones(2)))
    with pytest.raises(ValueError, match="does not depend on any of the"):
        model.fit(images_for(model), verbose=0)


@pytest.mark.parametrize("resample_latents", [False, True])
def test_a_player_may_be_frozen_whole(resample_latents):
    model = dense_gan(resample_latents=resample_latents)
    model.generator.trainable = False
    model.compile()
    before = state_of(model.generator.weights), state_of(model.discriminator.weights)
    history = model.fit(images_for(model), batch_size=5, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert_equal(before[0], state_of(model.generator.weights))
    assert changed(before[1], state_of(model.discriminator.weights))


def test_a_term_without_a_tracker_is_told():
    model = Quadratic()
    model.compile()
    with pytest.raises(ValueError, match="logs 'novelty', which has no tracker; it has generator"):
        model.observe(novelty=1.0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"optimizer": "adam"}, "takes discriminator_optimizer, generator_optimizer.*'optimizer'"),
        ({"encoder_optimizer": "adam"}, "it was given 'encoder_optimizer'"),
    ],
)
def test_compile_refuses_what_no_player_uses(arguments, sentence):
    with pytest.raises(TypeError, match=sentence):
        gan().compile(**arguments)


def test_metrics_by_name_are_refused():
    with pytest.raises(TypeError, match="one is 'accuracy'"):
        gan().compile(metrics=["accuracy"])


def test_loss_scaling_follows_the_networks_and_not_the_policy_of_the_day():
    single = dense_gan()
    keras.config.set_dtype_policy("mixed_float16")
    half = dense_gan()
    single.compile()
    half.compile()
    keras.config.set_dtype_policy("float32")
    half.compile()
    scaled = keras.optimizers.LossScaleOptimizer
    assert not any(isinstance(o, scaled) for o in single.optimizer.optimizers)
    assert all(isinstance(o, scaled) for o in half.optimizer.optimizers)


def test_one_callback_needs_no_list():
    from keras_gans.data import ImageDataset

    model = dense_gan()
    model.compile()
    seen = []
    record = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(epoch))
    dataset = ImageDataset(images_for(model), batch_size=4)
    model.fit(dataset, None, None, 2, record, verbose=0)
    assert seen == [0, 1]


def test_two_players_cannot_share_an_optimizer():
    shared = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="one and the same optimizer"):
        gan().compile(shared, shared)


def test_optimizers_come_by_name_and_by_schedule():
    model = dense_gan()
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    model.compile("rmsprop", keras.optimizers.SGD(schedule))
    assert isinstance(model.optimizer.generator, keras.optimizers.RMSprop)
    model.fit(images_for(model, 4), batch_size=2, verbose=0)
    assert float(model.optimizer.discriminator.learning_rate) == pytest.approx(0.1 * 0.5**2)


@pytest.mark.parametrize("scale", [255.0, 1.5])
def test_floats_out_of_range_are_told_before_the_first_step(scale):
    model = dense_gan()
    model.compile()
    pixels = images_for(model).astype("float32") / 255 * scale
    before = state_of(model.weights)
    with pytest.raises(ValueError, match=r"\[-1, 1\].*range from.*127\.5 - 1"):
        model.fit(pixels, verbose=0)
    for a, b in zip(before, model.weights, strict=True):
        np.testing.assert_array_equal(a, b.numpy())


def test_images_of_another_shape_are_told():
    model = dense_gan()
    model.compile()
    with pytest.raises(ValueError, match=r"\[n, 4, 4, 1\].*\[2, 8, 8, 1\]"):
        model.fit(np.zeros((2, 8, 8, 1), "uint8"), verbose=0)


@pytest.mark.parametrize("name", ["sample_weight", "class_weight"])
def test_weights_are_refused_and_not_ignored(name):
    model = dense_gan()
    model.compile()
    with pytest.raises(ValueError, match=f"no use for `{name}`"):
        model.fit(images_for(model), verbose=0, **{name: {0: 1.0}})


def test_fit_needs_a_compile_first():
    model = dense_gan()
    with pytest.raises(ValueError, match=r"compile\(\)"):
        model.fit(images_for(model), verbose=0)


def test_a_generator_of_batches_trains_whole():
    model = dense_gan()
    model.compile()
    pixels = images_for(model, 6)
    model.fit(
        ((pixels[i : i + 2],) for i in (0, 2, 4)), steps_per_epoch=3, shuffle=False, verbose=0
    )
    assert int(model.optimizer.iterations) == 3


def test_labels_beside_the_images_are_ignored():
    model = dense_gan()
    model.compile()
    model.fit(images_for(model, 4), np.zeros(4), batch_size=2, verbose=0)
    assert int(model.optimizer.iterations) == 2


def test_a_data_set_of_the_package_runs_in_its_own_order():
    from keras_gans.data import ImageDataset

    model = dense_gan()
    model.compile(run_eagerly=True)
    pixels = np.arange(8, dtype="uint8").repeat(16).reshape(8, 4, 4, 1)
    dataset = ImageDataset(pixels, batch_size=4, seed=5)
    seen = []
    train_step = model.train_step

    def watched(data):
        images = keras.utils.unpack_x_y_sample_weight(data)[0]
        seen.extend(keras.ops.convert_to_numpy(images)[:, 0, 0, 0].tolist())
        return train_step(data)

    object.__setattr__(model, "train_step", watched)
    model.fit(dataset, epochs=3, initial_epoch=1, verbose=0)
    assert seen == [*dataset.order(1).tolist(), *dataset.order(2).tolist()]


def test_a_checkpoint_of_another_model_is_told(tmp_path):
    gan().save_weights(tmp_path / "gan.weights.h5")
    with pytest.raises(ValueError):
        dense_gan().load_weights(tmp_path / "gan.weights.h5")


@pytest.mark.skipif(BACKEND != "jax", reason="a distribution over devices is JAX's")
def test_data_parallel_training_runs_on_jax():
    model_parallel = keras.distribution.DataParallel()
    with model_parallel.scope():
        model = dense_gan()
        model.compile()
        history = model.fit(images_for(model, 8), batch_size=4, verbose=0).history
    assert np.isfinite(history["loss"]).all()


@pytest.mark.skipif(BACKEND != "tensorflow", reason="tf.distribute is TensorFlow's")
@pytest.mark.parametrize("arguments", [{}, {"penalty": "r1"}, {"loss": "hinge"}])
def test_two_replicas_take_the_step_of_one(arguments):
    from tests.harness import two_replicas

    def build():
        model = dense_gan(**arguments)
        for layer in (*model.generator.layers, *model.discriminator.layers):
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
        # Noise that follows from the images is the same however they are divided.
        noise = lambda like, seed=None: keras.ops.reshape(like, (-1, 16))[:, :4]  # noqa: E731
        object.__setattr__(model, "sample_latents", noise)
        model.compile(keras.optimizers.SGD(0.5), keras.optimizers.SGD(0.5))
        return model

    single = build()
    with two_replicas().scope():
        double = build()
        double.set_weights(single.get_weights())
    logs = []
    for model in (single, double):
        history = model.fit(images_for(model, 8), batch_size=8, shuffle=False, verbose=0).history
        logs.append({name: value for name, (value,) in history.items()})
    assert logs[0] == pytest.approx(logs[1], rel=1e-5)
    for a, b in zip(single.get_weights(), double.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-6)
