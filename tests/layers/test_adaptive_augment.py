"""AdaptiveAugment: its pipeline against products of matrices, and how its p moves."""

import math

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import AdaptiveAugment
from keras_gans.layers.adaptive_augment import GATES, NORMAL, UNIFORM
from tests.backends import shown_on_tensorflow
from tests.harness import assert_equal, numpy_of, state_of, two_replicas
from tests.harness.promises.replicas import on_tensorflow
from tests.layers.test_warp import warped

RNG = np.random.default_rng(0)


def draws(n, p, **gates):
    """Draws for `n` images; where gates are named, those alone are open."""
    gate = RNG.uniform(size=(n, len(GATES)))
    if gates:
        gate = np.ones((n, len(GATES)))
        for name, is_open in gates.items():
            gate[:, GATES.index(name)] = 0.0 if is_open else 1.0
    return {
        "p": np.float32(p),
        "gates": gate.astype("float32"),
        "uniform": RNG.uniform(size=(n, len(UNIFORM))).astype("float32"),
        "normal": RNG.normal(size=(n, len(NORMAL))).astype("float32"),
    }


def by_layer(images, drawn):
    drawn = {name: ops.convert_to_tensor(value) for name, value in drawn.items()}
    return numpy_of(AdaptiveAugment(0.5).transformed(ops.convert_to_tensor(images), drawn))


class OneImage:
    """The draws for one image, as the authors' code goes through them."""

    def __init__(self, drawn, i):
        self.p = float(drawn["p"])
        self.gates = dict(zip(GATES, drawn["gates"][i], strict=True))
        self.u = dict(zip(UNIFORM, drawn["uniform"][i].astype("float64"), strict=True))
        self.z = dict(zip(NORMAL, drawn["normal"][i].astype("float64"), strict=True))

    def chosen(self, gate, value, neutral, p=None):
        return value if self.gates[gate] < (self.p if p is None else p) else neutral

    def geometry(self, height, width):
        """The inverse of all that moves pixels: a matrix of homogeneous coordinates."""
        u, z, c = self.u, self.z, self.chosen
        flip = c("flip", math.floor(u["flip"] * 2), 0)
        quarters = c("quarter_turns", math.floor(u["quarter_turns"] * 4), 0)
        whole = [
            c("whole_shift", np.round((u[f"whole_shift_{a}"] * 2 - 1) * 0.125 * side), 0)
            for a, side in (("x", width), ("y", height))
        ]
        scale = c("scale", 2 ** (z["scale"] * 0.2), 1)
        p_turn = 1 - math.sqrt(1 - self.p)
        first = c("first_turn", (u["first_turn"] * 2 - 1) * math.pi, 0, p_turn)
        stretch = c("stretch", 2 ** (z["stretch"] * 0.2), 1)
        second = c("second_turn", (u["second_turn"] * 2 - 1) * math.pi, 0, p_turn)
        shift = [
            c("shift", z[f"shift_{a}"] * 0.125 * side, 0)
            for a, side in (("x", width), ("y", height))
        ]

        def scaled(x, y):
            return np.diag([1 / x, 1 / y, 1])

        def turned(angle):
            cos, sin = math.cos(angle), math.sin(angle)
            return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])

        def moved(x, y):
            return np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1.0]])

        inverse = scaled(1 - 2 * flip, 1) @ turned(math.pi / 2 * quarters) @ moved(*whole)
        inverse = inverse @ scaled(scale, scale) @ turned(first) @ scaled(stretch, 1 / stretch)
        return inverse @ turned(second) @ moved(*shift)

    def color(self, channels):
        """What is done to the channels of a pixel: a matrix of homogeneous coordinates."""
        u, z, c = self.u, self.z, self.chosen
        axis = np.ones(channels) / math.sqrt(channels)
        grey, one = np.zeros((channels + 1,) * 2), np.eye(channels + 1)
        grey[:-1, :-1] = np.outer(axis, axis)
        bright, contrast = np.eye(channels + 1), np.eye(channels + 1)
        bright[:-1, -1] = c("brightness", z["brightness"] * 0.2, 0)
        contrast[:-1, :-1] *= c("contrast", 2 ** (z["contrast"] * 0.5), 1)
        mirror = one - 2 * grey * c("luma_flip", math.floor(u["luma_flip"] * 2), 0)
        hue = np.eye(channels + 1)
        if channels == 3:
            angle = c("hue", (u["hue"] * 2 - 1) * math.pi, 0)
            across = np.cross(np.eye(3), axis)  # Of columns v x e.
            hue[:3, :3] = (
                math.cos(angle) * np.eye(3)
                + math.sin(angle) * across
                + (1 - math.cos(angle)) * np.outer(axis, axis)
            )
        grey[-1, -1] = 1  # The constant is no color.
        saturated = grey + (one - grey) * c("saturation", 2 ** z["saturation"], 1)
        return saturated @ hue @ mirror @ contrast @ bright


def by_matrices(images, drawn):
    n, height, width, channels = images.shape
    each = [OneImage(drawn, i) for i in range(n)]
    inverse = np.stack([one.geometry(height, width) for one in each])
    moved = warped(images.astype("float64"), inverse[:, :2, :2], inverse[:, :2, 2])
    color = np.stack([one.color(channels) for one in each])
    return np.einsum("nij,nhwj->nhwi", color[:, :-1, :-1], moved) + color[:, None, None, :-1, -1]


@pytest.mark.parametrize(("channels", "p"), [(1, 0.5), (2, 0.5), (3, 0.5), (3, 1.0)])
def test_the_pipeline_is_the_product_of_its_matrices(channels, p):
    images = RNG.uniform(-1, 1, (12, 6, 9, channels)).astype("float32")
    drawn = draws(12, p)
    np.testing.assert_allclose(by_layer(images, drawn), by_matrices(images, drawn), atol=1e-4)


@shown_on_tensorflow("the pipeline as a whole is computed on each backend")
@pytest.mark.parametrize("gate", GATES)
def test_each_transformation_alone(gate):
    images = RNG.uniform(-1, 1, (4, 7, 5, 3)).astype("float32")
    drawn = draws(4, 0.5, **{gate: True})
    made = by_layer(images, drawn)
    np.testing.assert_allclose(made, by_matrices(images, drawn), atol=1e-5)
    assert (np.abs(made - images) > 1e-3).any()


def test_half_of_the_images_are_transformed_with_half_the_probability():
    layer = AdaptiveAugment(0.3, seed=2)
    drawn = layer.draws(2000, layer.strength)
    share = (numpy_of(drawn["gates"]) < 0.3).mean(0)
    np.testing.assert_allclose(share, 0.3, atol=0.04)
    turned = (numpy_of(drawn["gates"]) < 1 - math.sqrt(0.7))[
        :, [GATES.index("first_turn"), GATES.index("second_turn")]
    ]
    assert turned.any(1).mean() == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize("layer", [AdaptiveAugment(0.0), AdaptiveAugment()])
def test_with_p_0_images_stay_bit_for_bit(layer):
    images = RNG.uniform(-1, 1, (3, 5, 5, 3)).astype("float32")
    images[0, 0, 0, 0] = -0.0
    made = ops.convert_to_numpy(layer(ops.convert_to_tensor(images), training=True))
    assert made.tobytes() == images.tobytes()


def test_p_follows_the_sign_of_the_scores():
    """The authors' rule: p += sign(E[sign D] - 0.6) * batch * interval / (500 * 1000)."""
    layer = AdaptiveAugment(interval=2, images=100)
    expected, seen = 0.0, []
    for i in range(12):
        # Nine of ten say real, which is a mean of 0.8; later six of ten, which is 0.2.
        right = 9 if i < 8 else 6
        layer.adapt(ops.convert_to_tensor(np.repeat([3.0, -0.1], [right, 10 - right])[:, None]))
        if i % 2:
            expected += (1 if i < 8 else -1) * 10 * 2 / 100
        seen.append(float(numpy_of(layer.strength)))
        assert seen[-1] == pytest.approx(expected, abs=1e-6)
    assert max(seen) == pytest.approx(0.8)


def test_p_stays_a_probability_and_counts_the_images_of_uneven_batches():
    layer = AdaptiveAugment(interval=2, images=20)
    for n in (10, 3, 9):
        layer.adapt(ops.ones((n, 4, 4, 1)))
    assert float(numpy_of(layer.strength)) == pytest.approx(13 / 20)
    for _ in range(3):
        layer.adapt(ops.ones((9, 1)))
    assert float(numpy_of(layer.strength)) == 1
    for _ in range(8):
        layer.adapt(-ops.ones((9, 1)))
    assert float(numpy_of(layer.strength)) == 0


def test_the_boundary_is_where_scores_say_neither():
    scores = ops.convert_to_tensor([[0.4], [0.9], [0.3]])
    rises, falls = AdaptiveAugment(interval=1), AdaptiveAugment(interval=1, boundary=0.5)
    for layer in (rises, falls):
        layer.adapt(ops.ones((3, 1)))
        layer.adapt(scores)
    assert float(numpy_of(rises.strength)) == pytest.approx(6 / 500_000)
    assert float(numpy_of(falls.strength)) == 0


@on_tensorflow
def test_two_replicas_move_one_p_by_the_scores_of_both():
    strategy = two_replicas()
    with strategy.scope():
        two = AdaptiveAugment(interval=1, images=8, seed=0)
    one = AdaptiveAugment(interval=1, images=8, seed=0)
    for scores in ([1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, -1.0]):
        parts = strategy.experimental_distribute_values_from_function(
            lambda context, scores=scores: ops.convert_to_tensor(
                scores[2 * context.replica_id_in_sync_group :][:2]
            )
        )
        strategy.run(two.adapt, args=(parts,))
        one.adapt(ops.convert_to_tensor(scores))
    # A mean of 0.5 over both is below the target; over the first alone it were above.
    assert_equal(state_of(one.variables), state_of(two.variables))
    assert float(numpy_of(one.strength)) == 0


def test_a_number_and_a_schedule_need_no_state():
    adaptive, fixed = AdaptiveAugment(), AdaptiveAugment(0.2)
    assert len(adaptive.weights) == 4
    assert not fixed.weights
    fixed.adapt(ops.ones((4, 1)))
    assert fixed.strength == 0.2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"p": 1.5}, r"p is a probability, .*; it was 1\.5"),
        ({"target": 2}, "target lies in"),
        ({"interval": 0}, "whole numbers from 1 on; they were 0.6, 0 and 500000"),
        ({"images": 0}, "whole numbers from 1 on"),
    ],
)
def test_wrong_arguments_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        AdaptiveAugment(**arguments)


def test_its_state_is_saved_by_keras(tmp_path):
    inputs = keras.Input((4, 4, 1))
    model = keras.Model(inputs, AdaptiveAugment(interval=3, images=100)(inputs))
    layer = model.layers[-1]
    for _ in range(4):
        layer.adapt(ops.ones((2, 1)))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras").layers[-1]
    assert_equal(state_of(layer.weights), state_of(loaded.weights))
    assert float(numpy_of(loaded.strength)) == pytest.approx(0.06)
