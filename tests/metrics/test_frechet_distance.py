"""The streaming Frechet distance: its number, its state, its protocol, its refusals."""

import json

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.metrics import FrechetDistance, fashion_mnist_extractor
from keras_gans.metrics.frechet_distance import frechet_distance, gaussian_statistics

# Sums in float32 on JAX, in float64 elsewhere.
PRECISION = 1e-4 if keras.backend.backend() == "jax" else 1e-9


def pixels_extractor(size=2, channels=1):
    """Features are pixels: what the metric should give can be computed by hand."""
    images = keras.Input((size, size, channels))
    return keras.Model(images, keras.layers.Flatten()(images), name="pixels")


def learned_extractor(width=3):
    images = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(width, 3)(images)
    return keras.Model(images, keras.layers.GlobalAveragePooling2D()(x), name="learned")


def images_in_range(n, size=2, channels=1, seed=0):
    rng = np.random.default_rng(seed)
    mixed = np.tanh(rng.normal(0.2, 0.5, (n, 1, 1, 1)) + rng.normal(0.0, 0.5, (n, size, size, 1)))
    return np.repeat(mixed, channels, axis=-1).astype("float32")


def by_hand(real, fake):
    (mean1, cov1, _), (mean2, cov2, _) = (
        gaussian_statistics(images.reshape(len(images), -1)) for images in (real, fake)
    )
    return frechet_distance(mean1, cov1, mean2, cov2)


REAL, FAKE = images_in_range(101, seed=1), images_in_range(60, seed=2) * 0.7


def test_distance_of_pixels_is_that_of_their_gaussians():
    metric = FrechetDistance(pixels_extractor())
    score = metric.compare(REAL, FAKE)
    assert isinstance(score, float)
    assert score == pytest.approx(by_hand(REAL, FAKE), rel=PRECISION)


def test_distance_of_images_to_themselves_is_zero():
    assert FrechetDistance(pixels_extractor()).compare(REAL, REAL) < 1e-6


def test_fewer_images_than_features_give_a_finite_distance():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (20, 28, 28, 1), "uint8")
    metric = FrechetDistance()
    assert metric.compare(images, images) < 1e-6
    score = metric.compare(images[:9], images[9:])
    assert np.isfinite(score) and score > 0


@pytest.mark.filterwarnings("ignore:Float images")  # Some parts of these are bright.
@pytest.mark.parametrize("kind", ["arrays", "tensors"])
def test_odd_batches_of_different_sizes_equal_one_batch(kind):
    convert = ops.convert_to_tensor if kind == "tensors" else np.asarray
    metric = FrechetDistance(pixels_extractor())
    starts, ends = (0, 7, 8), (7, 8, 101)
    for start, end in zip(starts, ends, strict=True):
        metric.update_state(convert(REAL[start:end]), convert(FAKE[start : min(end, 60)]))
    assert metric.result() == pytest.approx(by_hand(REAL, FAKE), rel=PRECISION)


def test_state_is_sums_that_add_up_over_replicas():
    halves = [FrechetDistance(pixels_extractor()) for _ in range(2)]
    halves[0].update_state(REAL[:40], FAKE[:50])
    halves[1].update_state(REAL[40:], FAKE[50:])
    whole = FrechetDistance(pixels_extractor())
    for total, first, second in zip(
        whole.variables, halves[0].variables, halves[1].variables, strict=True
    ):
        total.assign(first + second)
    assert whole.result() == pytest.approx(by_hand(REAL, FAKE), rel=PRECISION)


def test_a_large_common_offset_does_not_drown_the_distance():
    """The mean is a hundred times the deviation, far more than in features after a ReLU."""
    rng = np.random.default_rng(0)
    real, fake = (-0.5 + rng.normal(0, 0.005, (2, 5000, 2, 2, 1))).astype("float32")
    fake = -0.5 + (fake + 0.5) * 1.5
    score = FrechetDistance(pixels_extractor()).compare(real, fake)
    tolerance = 0.02 if keras.backend.backend() == "jax" else 1e-6
    assert score == pytest.approx(by_hand(real, fake), rel=tolerance)


@pytest.mark.filterwarnings("ignore:Float images")  # Some parts of these are bright.
def test_reset_clears_both_sides_and_fewer_than_two_images_give_nan():
    metric = FrechetDistance(pixels_extractor())
    assert np.isnan(metric.result())
    metric.update_state(REAL, FAKE)
    metric.reset_state()
    metric.update_state(REAL[:2], FAKE[:1])
    assert np.isnan(metric.result())
    metric.update_state(REAL[2:], FAKE[1:])
    assert metric.result() == pytest.approx(by_hand(REAL, FAKE), rel=PRECISION)


def test_features_that_are_not_finite_give_nan():
    broken = FAKE.copy()
    broken[3] = np.nan
    assert np.isnan(FrechetDistance(pixels_extractor()).compare(REAL, broken))


def test_reference_survives_a_reset_and_replaces_the_real_images():
    metric = FrechetDistance(pixels_extractor())
    metric.set_reference(REAL, batch_size=32)
    for _ in range(2):
        metric.reset_state()
        metric.update_state(None, FAKE)
        assert metric.result() == pytest.approx(by_hand(REAL, FAKE), rel=PRECISION)
    assert metric.compare(None, FAKE) == pytest.approx(by_hand(REAL, FAKE), rel=PRECISION)
    assert metric.protocol()["num_real"] == 101
    assert metric.compare(FAKE, FAKE) < 1e-6
    with pytest.raises(ValueError, match="no real images"):
        metric.compare(None, FAKE)


def test_chunks_are_filled_up_so_that_one_shape_is_traced():
    class Watched(keras.layers.Layer):
        shapes = set()

        def call(self, images):
            self.shapes.add(tuple(images.shape))
            return ops.reshape(images, (-1, 4))

    images = keras.Input((2, 2, 1))
    extractor = keras.Model(images, Watched()(images))
    Watched.shapes.clear()
    score = FrechetDistance(extractor).compare(REAL, FAKE, batch_size=50)
    assert score == pytest.approx(by_hand(REAL, FAKE), rel=PRECISION)
    assert Watched.shapes == {(50, 2, 2, 1)}


def test_bytes_and_floats_give_the_same_distance():
    as_bytes = [np.round((images + 1) * 127.5).astype("uint8") for images in (REAL, FAKE)]
    as_floats = [images / np.float32(127.5) - 1 for images in as_bytes]
    metric = FrechetDistance(pixels_extractor())
    assert metric.compare(*as_bytes) == pytest.approx(metric.compare(*as_floats), rel=1e-4)
    assert metric.compare(as_bytes[0], as_floats[0]) < 1e-6
    doubled = [images.astype("float64") for images in as_floats]
    assert metric.compare(*doubled) == pytest.approx(metric.compare(*as_floats), rel=1e-4)


def test_colour_becomes_grey_by_luma_and_grey_becomes_colour_by_repetition():
    rng = np.random.default_rng(0)
    real, fake = rng.uniform(-1, 1, (2, 50, 2, 2, 3)).astype("float32")
    luma = [(images @ [[0.299], [0.587], [0.114]]) for images in (real, fake)]
    score = FrechetDistance(pixels_extractor(channels=1)).compare(real, fake)
    assert score == pytest.approx(by_hand(*luma), rel=1e-4)
    score = FrechetDistance(pixels_extractor(channels=3)).compare(REAL, FAKE)
    repeated = [np.repeat(images, 3, axis=-1) for images in (REAL, FAKE)]
    assert score == pytest.approx(by_hand(*repeated), rel=1e-4)


def test_other_sizes_are_resized_with_antialiasing():
    """A fine checkerboard averages to grey; without antialiasing it would alias to one of its
    two values."""
    board = np.indices((28, 28)).sum(axis=0) % 2 * 255
    boards = np.broadcast_to(board[None, ..., None], (3, 28, 28, 1)).astype("uint8")
    metric = FrechetDistance(pixels_extractor(size=4))
    metric.set_reference(boards)
    mean = metric._reference[1] / 3
    np.testing.assert_allclose(mean, 0.0, atol=0.1)


def test_extractor_of_any_size_sees_images_as_they_are():
    metric = FrechetDistance(learned_extractor())
    small, large = images_in_range(9, 5, 3), images_in_range(8, 9, 3)
    assert np.isfinite(metric.compare(small, large))
    assert metric.protocol()["resize"] == "none"


def test_protocol_names_all_that_the_score_depends_on():
    metric = FrechetDistance()
    rng = np.random.default_rng(0)
    score = metric.compare(*rng.integers(0, 256, (2, 12, 32, 32, 3), "uint8"))
    protocol = metric.protocol()
    weights = protocol.pop("extractor_weights")
    assert len(weights) == 12 and int(weights, 16) >= 0
    assert protocol == {
        "score": score,
        "extractor": "fashion_mnist",
        "features": 64,
        "resize": "bilinear, antialiased",
        "ddof": 1,
        "num_real": 12,
        "num_fake": 12,
    }
    assert json.loads(json.dumps(protocol)) == protocol


def test_another_resize_or_other_weights_change_the_protocol_and_the_score():
    rng = np.random.default_rng(0)
    real, fake = rng.integers(0, 256, (2, 12, 40, 40, 1), "uint8")
    extractor = fashion_mnist_extractor()
    bilinear, bicubic = (FrechetDistance(extractor, resize=r) for r in ("bilinear", "bicubic"))
    assert bilinear.compare(real, fake) != bicubic.compare(real, fake)
    assert bicubic.protocol()["resize"] == "bicubic, antialiased"
    before = bilinear.protocol()["extractor_weights"]
    assert before == FrechetDistance().protocol()["extractor_weights"]
    extractor.layers[1].kernel.assign(extractor.layers[1].kernel * 1.01)
    assert bilinear.protocol()["extractor_weights"] != before


def test_name_is_that_of_the_extractor_and_never_fid():
    assert FrechetDistance().name == "frechet_fashion_mnist"
    assert FrechetDistance(pixels_extractor()).name == "frechet_pixels"
    assert FrechetDistance(name="score").name == "score"


def test_extractor_is_no_part_of_the_metric_nor_of_the_model_that_has_it():
    model = Owner(FrechetDistance())
    model.build((None, 2))
    assert model.count_params() == 3
    assert len(model.trainable_variables) == 2
    assert len(model.distance.variables) == 6
    shapes = [tuple(variable.shape) for variable in model.distance.variables]
    assert shapes == 2 * [(), (64,), (64, 64)]


@keras.saving.register_keras_serializable("test_frechet_distance")
class Evaluated(keras.Model):
    """A model with a step of its own that feeds the metric, as a GAN does in `evaluate`."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.layer = keras.layers.Rescaling(0.7)
        self.distance = FrechetDistance(pixels_extractor())

    @property
    def metrics(self):
        return [self.distance]

    def call(self, inputs):
        return self.layer(inputs)

    def test_step(self, *arguments):
        """(data) on TensorFlow and PyTorch, (state, data) on JAX."""
        images = arguments[-1][0] if isinstance(arguments[-1], tuple) else arguments[-1]
        if len(arguments) == 1:
            self.distance.update_state(images, self(images))
            return {m.name: m.result() for m in self.metrics}
        trainable, non_trainable, sums = arguments[0]
        fake, non_trainable = self.stateless_call(trainable, non_trainable, images)
        sums = self.distance.stateless_update_state(sums, images, fake)
        logs = {self.distance.name: self.distance.stateless_result(sums)}
        return logs, (trainable, non_trainable, sums)


def test_evaluate_gives_the_distance_from_inside_a_compiled_step():
    model = Evaluated()
    model.compile(jit_compile=False if keras.backend.backend() == "tensorflow" else "auto")
    # 101 images in batches of 32: the last batch is odd.
    logs = model.evaluate(REAL, batch_size=32, verbose=0, return_dict=True)
    expected = by_hand(REAL, REAL * np.float32(0.7))
    assert logs["frechet_pixels"] == pytest.approx(expected, rel=max(PRECISION, 1e-5))
    assert model.distance.result() == logs["frechet_pixels"]


def test_result_inside_a_compiled_function_is_nan():
    if keras.backend.backend() != "jax":
        pytest.skip("PyTorch compiles nothing here; TensorFlow's evaluate above shows it.")
    jax = pytest.importorskip("jax")
    metric = FrechetDistance(pixels_extractor())
    metric.update_state(REAL, FAKE)
    sums = [variable.value for variable in metric.variables]
    assert np.isnan(jax.jit(metric.stateless_result)(sums))
    assert metric.stateless_result(sums) == metric.result()


def test_configuration_restores_the_metric():
    metric = FrechetDistance(resize="bicubic")
    config = metric.get_config()
    assert config["extractor"] == "fashion_mnist"
    restored = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert restored.get_config() == config
    assert restored.name == metric.name


def test_configuration_without_the_weights_of_a_model_is_refused_when_it_would_score():
    metric = FrechetDistance(learned_extractor())
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(metric)))
    restored = keras.saving.deserialize_keras_object(config)
    images = images_in_range(5, 4, 3)
    with pytest.raises(ValueError, match=r"did not come with .*: create FrechetDistance"):
        restored.compare(images, images)


@keras.saving.register_keras_serializable("test_frechet_distance")
class Owner(keras.Model):
    """Holds a metric that its configuration describes."""

    def __init__(self, distance, **kwargs):
        super().__init__(**kwargs)
        self.distance = distance
        self.layer = keras.layers.Dense(1)

    def build(self, input_shape):
        self.layer.build(input_shape)
        self.built = True

    def call(self, inputs):
        return self.layer(inputs)

    def get_config(self):
        distance = keras.saving.serialize_keras_object(self.distance)
        return {**super().get_config(), "distance": distance}

    @classmethod
    def from_config(cls, config):
        distance = keras.saving.deserialize_keras_object(config.pop("distance"))
        return cls(distance, **config)


def test_saved_model_brings_back_the_weights_of_a_passed_extractor(tmp_path):
    model = Owner(FrechetDistance(learned_extractor()))
    model.build((None, 2))
    model.save(tmp_path / "owner.keras")
    restored = keras.models.load_model(tmp_path / "owner.keras")
    real, fake = images_in_range(9, 5, 3, seed=1), images_in_range(8, 5, 3, seed=2)
    assert restored.distance.compare(real, fake) == model.distance.compare(real, fake)


def test_saved_model_does_not_carry_the_shipped_extractor(tmp_path):
    model = Owner(FrechetDistance())
    model.build((None, 2))
    model.save(tmp_path / "owner.keras")
    assert (tmp_path / "owner.keras").stat().st_size < 60_000
    assert keras.models.load_model(tmp_path / "owner.keras").distance.name == model.distance.name


def test_generator_gets_no_gradient_and_keeps_no_graph():
    if keras.backend.backend() != "torch":
        pytest.skip("Only PyTorch keeps graphs on tensors.")
    metric = FrechetDistance(pixels_extractor())
    fake = ops.convert_to_tensor(FAKE).requires_grad_()
    metric.update_state(ops.convert_to_tensor(REAL), fake)
    assert not any(variable.value.requires_grad for variable in metric.variables)


@pytest.mark.parametrize(
    ("real", "error", "sentence"),
    [
        (np.zeros((4, 2, 2, 4), "uint8"), ValueError, r"not 4.*Drop the alpha channel"),
        (np.zeros((4, 2, 2), "uint8"), ValueError, r"\[n, height, width, channels\]"),
        (np.zeros((4, 2, 2, 1), "int64"), TypeError, r"uint8 in \[0, 255\] or floats"),
        (np.full((4, 2, 2, 1), 255.0), ValueError, r"range from 255 to 255\. Pass uint8"),
        (None, ValueError, "no real images"),
    ],
)
def test_wrong_images_are_refused_in_a_sentence(real, error, sentence):
    with pytest.raises(error, match=sentence):
        FrechetDistance(pixels_extractor()).update_state(real, FAKE)


def test_sample_weights_and_unknown_resizes_are_refused_in_a_sentence():
    metric = FrechetDistance(pixels_extractor())
    with pytest.raises(ValueError, match="takes no sample weights"):
        metric.update_state(REAL, FAKE, sample_weight=np.ones(101))
    with pytest.raises(ValueError, match="`resize` is one of bilinear"):
        FrechetDistance(pixels_extractor(), resize="nearest")


@pytest.mark.filterwarnings("ignore:.*few images")
def test_a_measured_distance_is_the_compared_one_and_a_reference_is_taken_as_it_is():
    metric = FrechetDistance(pixels_extractor())
    result = metric.measure(REAL, FAKE)
    assert result.value == pytest.approx(by_hand(REAL, FAKE), rel=1e-9)
    assert result.interval[0] < result.value < result.interval[1]
    metric.set_reference(REAL)
    against = metric.measure(None, FAKE)
    assert against.value == pytest.approx(result.value, rel=1e-9)
    assert against.protocol["num_real"] == 101 and against.protocol["ddof"] == 1
    assert against - result == pytest.approx(0.0, abs=1e-9)
