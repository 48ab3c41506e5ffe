import types
import warnings

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.data import check_images, first_batch

SHAPE = (4, 4, 3)


def floats(low, high, shape=(2, *SHAPE)):
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape).astype("float32")


@pytest.mark.parametrize("dtype", ["uint8", "float16", "float32", "float64"])
def test_images_that_fit_pass_in_silence(dtype):
    check_images(floats(-1, 1).astype(dtype), SHAPE)


def test_a_size_of_none_fits_any_size():
    check_images(np.zeros((2, 7, 9, 3), "uint8"), (None, None, 3))


@pytest.mark.parametrize(
    "shape, wanted, remedy",
    [
        ((2, 4, 5, 3), SHAPE, "resize"),
        ((2, 4, 4, 1), SHAPE, "resize"),
        ((2, 3, 4, 4), SHAPE, "np.moveaxis"),
        ((4, 4, 3), SHAPE, r"x\[None\]"),
        ((2, 4, 4), (4, 4, 1), r"x\[..., None\]"),
        ((2, 48), SHAPE, "resize"),
        ((2, 4, 5, 1), (None, None, 3), r"\[n, None, None, 3\]"),
    ],
)
def test_a_wrong_shape_names_both_shapes_and_the_remedy(shape, wanted, remedy):
    with pytest.raises(ValueError, match=remedy) as error:
        check_images(np.zeros(shape, "uint8"), wanted)
    assert str(list(shape)) in str(error.value)


@pytest.mark.parametrize("dtype", ["int32", "int64", "bool", "uint16"])
def test_a_dtype_that_is_no_image_is_named(dtype):
    with pytest.raises(ValueError, match=f"dtype is {dtype}"):
        check_images(np.zeros((2, *SHAPE), dtype), SHAPE)


@pytest.mark.parametrize("low, high", [(0, 255), (-1, 1.5), (-128, 1)])
def test_floats_outside_the_range_name_the_range_and_the_fix(low, high):
    with pytest.raises(ValueError, match=r"images / 127\.5 - 1") as error:
        check_images(floats(low, high), SHAPE, name="images")
    assert f"from {low:.4g} to {high:.4g}" in str(error.value)
    assert "`images`" in str(error.value)


def test_a_small_overshoot_is_tolerated():
    check_images(floats(-1.005, 1.005), SHAPE)


def test_floats_from_zero_to_one_pass_with_a_warning():
    with pytest.warns(UserWarning, match="half of the range"):
        check_images(floats(0, 1), SHAPE)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_pixels_that_are_not_finite_are_counted(value):
    images = floats(-1, 1)
    images[0, 0, 0, :2] = value
    with pytest.raises(ValueError, match="2 of 96 are NaN or infinite"):
        check_images(images, SHAPE)


def test_an_empty_batch_is_refused():
    with pytest.raises(ValueError, match="at least one image"):
        check_images(np.zeros((0, *SHAPE), "uint8"), SHAPE)


def test_the_first_batch_of_an_array_has_the_batch_size():
    x = np.arange(100)[:, None]
    first, same = first_batch(x, 8)
    np.testing.assert_array_equal(first, x[:8])
    assert same is x
    assert len(first_batch(x)[0]) == 32


def test_the_first_batch_of_a_tensor_is_numpy():
    first, _ = first_batch(ops.ones((10, 2)), 4)
    assert isinstance(first, np.ndarray)
    assert first.shape == (4, 2)


def test_a_bfloat16_tensor_counts_as_floats():
    first, _ = first_batch(ops.ones((2, *SHAPE), "bfloat16") * -1, 2)
    check_images(first, SHAPE)


def test_a_structure_of_arrays_keeps_its_structure():
    first, _ = first_batch({"a": np.zeros((9, 1)), "b": np.zeros((9, 2))}, 4)
    assert {key: value.shape for key, value in first.items()} == {"a": (4, 1), "b": (4, 2)}


def test_a_py_dataset_gives_the_images_of_its_batch_zero():
    class Pairs(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return np.full((2, 1), index), np.zeros((2,))

    x = Pairs()
    first, same = first_batch(x)
    np.testing.assert_array_equal(first, [[0], [0]])
    assert same is x


def test_the_whole_first_batch_has_all_its_parts():
    class Pairs(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return np.full((2, 1), index), np.full((2, 2), 100 + index)

    a, b = first_batch(Pairs(), whole=True)[0]
    assert (a.tolist(), b.tolist()) == ([[0], [0]], [[100, 100], [100, 100]])
    generator = ((np.full((1,), i), np.full((1,), 10 * i)) for i in range(1, 4))
    first, again = first_batch(generator, whole=True)
    assert [int(part[0]) for part in first] == [1, 10]
    assert [[int(part[0]) for part in batch] for batch in again] == [[1, 10], [2, 20], [3, 30]]
    alone = np.zeros((40, 1))
    assert first_batch(alone, 8, whole=True)[0].shape == (8, 1)


def test_a_generator_loses_no_batch_and_stays_a_generator():
    x = ((np.full((1,), i), "label") for i in range(3))
    first, again = first_batch(x)
    assert first == [0]
    assert isinstance(again, types.GeneratorType)
    assert [int(batch[0][0]) for batch in again] == [0, 1, 2]


def test_a_generator_of_nothing_is_refused():
    with pytest.raises(ValueError, match="generator yields none"):
        first_batch(x for x in ())


def test_an_unknown_kind_is_left_alone():
    x = object()
    assert first_batch(x) == (None, x)


@pytest.fixture
def tf():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("tensorflow")


def test_a_uint8_tf_dataset_is_never_iterated(tf):
    reads = []

    def read():
        reads.append(1)
        yield np.ones((2, *SHAPE), "uint8")

    for batch in (None, 2):
        spec = tf.TensorSpec((batch, *SHAPE), "uint8")
        x = tf.data.Dataset.from_generator(read, output_signature=spec)
        first, same = first_batch(x)
        assert (first.shape, first.dtype) == ((batch or 1, *SHAPE), "uint8")
        assert same is x
    assert not reads


def test_a_float_or_shapeless_tf_dataset_gives_one_element(tf):
    images = np.zeros((4, *SHAPE), "float32")
    x = tf.data.Dataset.from_tensor_slices((images, np.arange(4))).batch(2)
    np.testing.assert_array_equal(first_batch(x)[0], images[:2])
    spec = tf.TensorSpec((None, None, None, 3), "uint8")
    x = tf.data.Dataset.from_generator(
        lambda: iter([np.ones((2, 5, 6, 3), "uint8")]), output_signature=spec
    )
    assert first_batch(x)[0].shape == (2, 5, 6, 3)


def test_the_whole_first_batch_of_a_tf_dataset_has_all_its_parts(tf):
    reads = []

    def read():
        reads.append(1)
        yield np.ones((2, *SHAPE), "uint8"), np.full((2, 4, 4, 1), 7, "uint8")

    parts = tf.TensorSpec((None, *SHAPE), "uint8"), tf.TensorSpec((2, 4, 4, 1), "uint8")
    x = tf.data.Dataset.from_generator(read, output_signature=parts)
    first, same = first_batch(x, whole=True)
    assert [(part.shape, part.dtype) for part in first] == [
        ((1, *SHAPE), "uint8"),
        ((2, 4, 4, 1), "uint8"),
    ]
    assert same is x
    assert not reads
    floats = x.map(lambda a, b: (a, tf.cast(b, "float32")))
    a, b = first_batch(floats, whole=True)[0]
    assert (a.shape, float(b.max())) == ((2, *SHAPE), 7.0)


def test_the_whole_first_batch_of_a_torch_loader_has_all_its_parts():
    torch = pytest.importorskip("torch")
    data = torch.utils.data.TensorDataset(torch.arange(20), torch.arange(100, 120))
    x = torch.utils.data.DataLoader(data, 4)
    first, same = first_batch(x, whole=True)
    assert [part.tolist() for part in first] == [[0, 1, 2, 3], [100, 101, 102, 103]]
    assert same is x


def test_a_torch_loader_keeps_its_random_order():
    torch = pytest.importorskip("torch")
    data = torch.utils.data.TensorDataset(torch.arange(20), torch.arange(20))

    def order(look):
        torch.manual_seed(0)
        own = torch.Generator().manual_seed(1)
        orders = []
        for generator in (None, own):
            x = torch.utils.data.DataLoader(data, 4, shuffle=True, generator=generator)
            if look:
                first, same = first_batch(x)
                assert first.shape == (4,)
                assert same is x
            orders.append(torch.cat([batch[0] for batch in x]).tolist())
        return orders

    assert order(look=True) == order(look=False)
