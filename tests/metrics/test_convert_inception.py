"""The Inception of 2015 from its published forms, with random weights: the trained are not here."""

import keras
import numpy as np
import pytest

from benchmarks.parity import said
from keras_gans.metrics import FrechetDistance, convert_inception, get_extractor
from keras_gans.metrics.convert_inception import Arrays
from keras_gans.metrics.image_features import ImageFeatures
from tests.backends import shown_on_tensorflow
from tests.data.test_weight_files import write, write_graph
from tests.parity.inception import Weights, forward, images, random_weights

# Each layer is tested by Keras on each backend.
once = shown_on_tensorflow("it takes seconds")
beside_pytorch = pytest.mark.skipif(
    keras.backend.backend() != "torch", reason="the other implementation is written in PyTorch"
)


BLOCKS = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")


def scopes():
    """The port's name of each convolution and its scope in the graph, as rules."""
    found = {}
    for i, name in enumerate(("1a_3x3", "2a_3x3", "2b_3x3", "3b_1x1", "4a_3x3")):
        found[f"Conv2d_{name}"] = f"conv_{i}" if i else "conv"
    for i, block in enumerate(BLOCKS):
        towers = {
            "5": ["5x5", "3x3dbl", "pool"],
            "6": ["7x7", "7x7dbl", "pool"],
            "7": ["3x3", "3x3dbl", "pool"],
        }[block[0]]
        direct = "1x1"
        if block == "6a":
            towers, direct = ["3x3dbl"], "3x3"
        if block == "7a":
            towers, direct = ["3x3", "7x7x3"], None
        scope = f"mixed_{i}" if i else "mixed"
        found[f"Mixed_{block}.branch{direct}"] = f"{scope}/conv"
        found[f"Mixed_{block}.branch_pool"] = f"{scope}/tower_2/conv"
        for t, tower in enumerate(towers):
            inside = f"{scope}/tower_{t}" if t else f"{scope}/tower"
            for step in range(1, 6):
                name = f"Mixed_{block}.branch{tower}_{step}"
                found[name] = f"{inside}/conv_{step - 1}" if step > 1 else f"{inside}/conv"
                found[f"{name}a"], found[f"{name}b"] = (
                    f"{inside}/mixed/conv",
                    f"{inside}/mixed/conv_1",
                )
    return found


def as_in_the_graph(weights):
    names, arrays = scopes(), {}
    ends = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean"}
    for name, array in weights.items():
        unit, _, kind = name.rpartition(".")
        unit, _, part = unit.rpartition(".")
        if part == "conv":
            arrays[f"{names[unit]}/conv2d_params"] = array.transpose(2, 3, 1, 0)
        elif part == "bn":
            arrays[f"{names[unit]}/batchnorm/{ends.get(kind, 'moving_variance')}"] = array
    arrays["softmax/weights"], arrays["softmax/biases"] = weights["fc.weight"].T, weights["fc.bias"]
    return arrays


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """Random weights, the folder of their files, and the extractor from the port's.

    It is converted under a policy of half precision, which is not to reach the features.
    """
    folder = tmp_path_factory.mktemp("inception")
    weights = random_weights()
    write(folder / "port.pth", weights)
    keras.config.set_dtype_policy("mixed_float16")
    try:
        extractor = convert_inception(folder / "port.pth", folder / "inception.keras")
    finally:
        keras.config.set_dtype_policy("float32")
    return weights, folder, extractor


def features(extractor, pixels, resize="legacy"):
    return np.concatenate(list(ImageFeatures(extractor, resize).batches(pixels, batch_size=2)))


@beside_pytorch
def test_it_has_the_weights_of_the_published_network(converted):
    """Those of Keras that are trained: the normalization has a beta and no gamma in both."""
    _, _, extractor = converted
    assert extractor.count_params() == 21_768_352
    assert sum(isinstance(x, keras.layers.Conv2D) for x in extractor.layers) == 94


@beside_pytorch
def test_features_are_those_of_the_layer_table(converted):
    import torch

    weights, _, extractor = converted
    pixels = np.random.default_rng(0).integers(0, 256, (2, 299, 299, 3), "uint8")
    with torch.no_grad():
        channels_first = torch.as_tensor(pixels.transpose(0, 3, 1, 2).astype("float32"))
        expected, _ = forward(Weights(weights), channels_first)
    np.testing.assert_allclose(features(extractor, pixels), expected, atol=1e-4)


@beside_pytorch
def test_features_and_logits_are_those_of_torch_fidelity(converted):
    """Resizing included: its own is that of TensorFlow 1."""
    weights, _, extractor = converted
    theirs = said("inception")
    made = features(extractor, images())
    np.testing.assert_allclose(made, theirs["features"], atol=1e-4)
    np.testing.assert_allclose(made @ weights["fc.weight"].T, theirs["logits"], atol=1e-4)


@beside_pytorch
def test_the_graph_gives_the_same_extractor(converted):
    weights, folder, extractor = converted
    arrays = as_in_the_graph(weights)
    gammas = [(x.removesuffix("/gamma"), x, True) for x in arrays if x.endswith("gamma")]
    assert len(gammas) == 94
    write_graph(folder / "graph.pb", arrays, gammas)
    other = convert_inception(folder / "graph.pb")
    for one, another in zip(extractor.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, another)


@beside_pytorch
def test_an_archive_gives_the_same_network_and_its_logits_are_another_head(converted):
    weights, folder, extractor = converted
    write(folder / "port.npz", weights)
    head = convert_inception(folder / "port.npz", head="logits")
    assert (head.name, head.output_shape) == ("inception_2015_logits", (None, 1008))
    *body, last = head.get_weights()
    np.testing.assert_array_equal(last, weights["fc.weight"].T)
    for one, another in zip(extractor.get_weights(), body, strict=True):
        np.testing.assert_array_equal(one, another)


@beside_pytorch
def test_the_file_that_is_written_is_an_extractor_and_its_distance_is_the_fid(converted):
    _, folder, extractor = converted
    assert {x.suffix for x in folder.iterdir()} <= {".pth", ".pb", ".npz", ".keras"}
    loaded = get_extractor(folder / "inception.keras")
    assert loaded.name == "inception_2015" and not loaded.trainable_weights
    assert FrechetDistance(loaded, resize="legacy").name == "fid"
    np.testing.assert_array_equal(features(loaded, images()), features(extractor, images()))


FIRST = "Conv2d_1a_3x3"
SHAPE = (3, 3, 3, 32)


def test_a_tensor_that_is_missing_or_of_another_shape_is_named(tmp_path):
    np.savez(tmp_path / "x.npz", **{f"{FIRST}.conv.weight": np.zeros((32, 1, 3, 3))})
    with pytest.raises(
        ValueError, match=r"x\.npz the tensor .*1a_3x3.* shape \(32, 1, 3, 3\), and"
    ):
        Arrays(tmp_path / "x.npz").convolution("conv", FIRST, SHAPE)
    np.savez(tmp_path / "x.npz", **{"conv/conv2d_params": np.zeros(SHAPE)})
    with pytest.raises(ValueError, match='no tensor "conv/batchnorm/moving_variance"'):
        Arrays(tmp_path / "x.npz").convolution("conv", FIRST, SHAPE)
    np.savez(tmp_path / "x.npz", other=np.zeros(3))
    with pytest.raises(ValueError, match=r'no tensor "fc\.weight": it does not hold the Inception'):
        Arrays(tmp_path / "x.npz").logits()


def test_batch_normalization_is_folded_in_and_a_gamma_may_be_missing(tmp_path):
    rng = np.random.default_rng(0)
    kernel, beta, mean = rng.normal(size=SHAPE), *rng.normal(size=(2, 32))
    variance, gamma = rng.uniform(0, 1, (2, 32))
    scope = "conv/batchnorm"
    arrays = {
        "conv/conv2d_params": kernel,
        f"{scope}/beta": beta,
        f"{scope}/moving_mean": mean,
        f"{scope}/moving_variance": variance,
    }
    x = rng.normal(size=(5, 27))
    for more, factor in (({}, 1.0), ({f"{scope}/gamma": gamma}, gamma)):
        np.savez(tmp_path / "x.npz", **arrays, **more)
        folded, bias = Arrays(tmp_path / "x.npz").convolution("conv", FIRST, SHAPE)
        whole = (x @ kernel.reshape(27, 32) - mean) / np.sqrt(variance + 0.001) * factor + beta
        np.testing.assert_allclose(x @ folded.reshape(27, 32) + bias, whole)


def test_another_head_and_another_suffix_are_told(tmp_path):
    with pytest.raises(ValueError, match=r"`head` is .*not 'pool'"):
        convert_inception(tmp_path / "x.pb", head="pool")
    with pytest.raises(ValueError, match=r"written to a \.keras file, not to .*x\.h5"):
        convert_inception(tmp_path / "x.pb", tmp_path / "x.h5")


@once
def test_a_file_that_is_wrong_leaves_the_one_that_was_there(tmp_path):
    np.savez(tmp_path / "x.npz", other=np.zeros(3))
    (tmp_path / "kept.keras").write_text("as it was")
    with pytest.raises(ValueError, match="no tensor"):
        convert_inception(tmp_path / "x.npz", tmp_path / "kept.keras")
    assert (tmp_path / "kept.keras").read_text() == "as it was"
    assert len(list(tmp_path.iterdir())) == 2
