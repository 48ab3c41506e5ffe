"""What is true of samples of every kind."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import samples
from keras_gans.samples import Images, Points, Symbols, Videos, Volumes, of_shape

LETTERS = "ab c"
CASES = {
    "images": (Images(), (4, 4, 3)),
    "images_of_sigmoids": (Images(range=(0, 1)), (4, 4, 1)),
    "points": (Points(), (2,)),
    "videos": (Videos(), (3, 4, 4, 1)),
    "volumes": (Volumes(), (4, 4, 4, 1)),
    "symbols": (Symbols(LETTERS), (5, 4)),
}
every_kind = pytest.mark.parametrize(("kind", "shape"), CASES.values(), ids=CASES)


def made(kind, shape, n=6):
    """What a generator could make, in the range of its last activation."""
    low, high = kind.range or (-3, 3)
    return np.random.default_rng(0).uniform(low, high, (n, *shape)).astype("float32")


def handed_over(kind, shape, n=6):
    """What a user could train on."""
    outside = kind.to_outside(made(kind, shape, n))
    return kind.encode(outside) if hasattr(kind, "encode") else outside


@every_kind
def test_a_kind_is_saved_with_its_model(kind, shape):
    saved = keras.saving.serialize_keras_object(kind)
    again = keras.saving.deserialize_keras_object(saved)
    assert again == kind
    assert hash(again) == hash(kind)
    assert repr(again) == repr(kind)
    assert again.spec(shape) == kind.spec(shape)


def test_kinds_are_equal_where_their_arguments_are():
    assert Images() == Images(range=[-1, 1])
    assert Images() != Images(range=(0, 1))
    assert Videos() != Images()
    assert Symbols("ab") != Symbols("ba")


@every_kind
def test_what_is_signed_comes_back(kind, shape):
    floats = made(kind, shape)
    signed = kind.to_signed(floats)
    assert np.abs(signed).max() <= 1 or kind.range is None
    np.testing.assert_allclose(kind.from_signed(signed), floats, atol=1e-6)


@every_kind
def test_what_users_get_is_what_the_spec_says_on_every_backend(kind, shape):
    floats = made(kind, shape)
    spec = kind.spec(shape)
    assert spec.kind == kind.name
    tensor = kind.to_outside(ops.convert_to_tensor(floats))
    assert keras.backend.standardize_dtype(tensor.dtype) == spec.dtype
    assert tuple(tensor.shape) == (6, *spec.shape)
    outside = ops.convert_to_numpy(tensor)
    if spec.low is not None:
        assert outside.min() >= spec.low
        assert outside.max() <= spec.high
    array = kind.to_outside(floats)
    assert isinstance(array, np.ndarray)
    np.testing.assert_allclose(kind.encode(array) if spec.names else array, outside, atol=1e-6)


@every_kind
def test_what_users_hand_over_becomes_what_a_generator_makes(kind, shape):
    batch = handed_over(kind, shape)
    kind.check(batch, shape)
    floats = ops.convert_to_numpy(kind.to_floats(ops.convert_to_tensor(batch)))
    assert floats.shape == (6, *shape)
    assert floats.dtype == keras.config.floatx()
    again = kind.to_outside(floats)
    np.testing.assert_array_equal(kind.encode(again) if hasattr(kind, "encode") else again, batch)


@every_kind
def test_floats_of_16_bits_come_out_as_those_of_32(kind, shape):
    halves = made(kind, shape).astype("float16")
    outside = kind.to_outside(halves)
    assert outside.dtype == kind.to_outside(halves.astype("float32")).dtype
    np.testing.assert_array_equal(outside, kind.to_outside(halves.astype("float32")))


@every_kind
def test_metrics_get_a_range_as_from_minus_1_to_1(kind, shape):
    floats = made(kind, shape)
    expected = floats if kind.range in (None, (-1, 1)) else floats.astype("float64") * 2 - 1
    np.testing.assert_allclose(kind.to_signed(floats), expected, atol=1e-6)


@every_kind
def test_a_batch_of_another_shape_is_told(kind, shape):
    batch = handed_over(kind, shape)
    for bad in (batch[..., None], batch[:, 1:], batch[:0], list(batch)):
        with pytest.raises(ValueError, match=r"Expected (a batch of )?`reals` to"):
            kind.check(bad, shape, "reals")


@every_kind
def test_a_side_that_is_open_takes_any_size(kind, shape):
    kind.check(handed_over(kind, shape), (None, *shape[1:]))


@every_kind
def test_a_kind_knows_its_shapes(kind, shape):
    assert kind.fits(shape)
    if kind.name != "points":  # Which have any shape.
        assert not kind.fits((*shape, 1))
        assert not kind.fits(shape[1:])
    assert not Images().fits((4, 4, 2))
    assert not Symbols(LETTERS).fits((5, 3))


@every_kind
def test_a_file_has_the_suffix_of_its_kind(kind, shape, tmp_path):
    outside = kind.to_outside(made(kind, shape))
    kind.save(outside, tmp_path / "new" / f"samples{kind.suffix}")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [f"samples{kind.suffix}"]
    with pytest.raises(ValueError, match=rf"saved to a \{kind.suffix} file.*samples\{kind.suffix}"):
        kind.save(outside, tmp_path / "samples.jpeg")
    with pytest.raises(ValueError, match="The file of samples must lie on this machine"):
        kind.save(outside, f"gs://bucket/samples{kind.suffix}")


@pytest.mark.parametrize("kind", [Points(), Videos(), Volumes()])
def test_values_that_no_model_can_be_shown_are_told(kind):
    values = np.zeros((4, 2, 2, 2, 1), "float32")
    values[2, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match=r"1 of its 4 samples .* number 2 first"):
        kind.check_values(values)
    with pytest.raises(ValueError, match="its dtype is <U1"):
        kind.check_values(np.array(["a"]))


@pytest.mark.parametrize(("kind", "range"), [(Videos(), "[-1, 1]"), (Volumes(), "[0, 1]")])
def test_values_outside_the_range_are_told(kind, range):
    with pytest.raises(ValueError) as error:
        kind.check_values(np.full((1, 2, 2, 2, 1), 1.5, "float32"))
    assert f"to lie in {range}, but they range from 1.5 to 1.5" in str(error.value)


def test_samples_of_three_axes_are_images_where_nobody_names_them():
    assert of_shape((8, 8, 1)) == Images()
    assert of_shape((2,)) == of_shape((8, 8, 8, 1)) == Points()


def test_every_kind_is_tested():
    kinds = {name for name in samples.__all__ if name != "of_shape"}
    assert kinds == {type(kind).__name__ for kind, _ in CASES.values()}
