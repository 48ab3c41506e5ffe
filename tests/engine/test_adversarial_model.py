"""What the base class refuses, and what it hands through."""

import keras
import numpy as np
import pytest

from tests.harness import dense_gan, gan, images_for

BACKEND = keras.backend.backend()


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


def test_fit_needs_a_compile_first():
    model = dense_gan()
    with pytest.raises(ValueError, match=r"compile\(\)"):
        model.fit(images_for(model), verbose=0)


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
