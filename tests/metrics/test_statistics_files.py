"""Statistics of features in files: ours, and those of other tools."""

import json
import re

import keras
import numpy as np
import pytest

from keras_gans.metrics import FrechetDistance
from keras_gans.metrics.gaussians import frechet_distance, gaussian_statistics
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("files of numpy")


def pixels(size=2):
    images = keras.Input((size, size, 1))
    return keras.Model(images, keras.layers.Flatten()(images), name="pixels")


RNG = np.random.default_rng(0)
REAL, FAKE = RNG.uniform(-1, 1, (2, 60, 2, 2, 1)).astype("float32")
FAKE = FAKE[:40] * np.float32(0.5) - np.float32(0.2)
MEAN, COVARIANCE, _ = gaussian_statistics(REAL.reshape(60, 4))


@pytest.mark.filterwarnings("ignore:.*few images")
def test_files_of_other_tools_take_the_place_of_either_side(tmp_path):
    np.savez(tmp_path / "real.npz", mu=MEAN, sigma=COVARIANCE)
    metric = FrechetDistance(pixels())
    expected = metric.compare(REAL, FAKE)
    assert metric.compare(tmp_path / "real.npz", FAKE) == pytest.approx(expected, rel=1e-9)
    assert metric.protocol()["num_real"] is None
    assert metric.compare(FAKE, str(tmp_path / "real.npz")) == pytest.approx(expected, rel=1e-9)
    result = metric.measure(tmp_path / "real.npz", FAKE)
    assert result.value == pytest.approx(expected, rel=1e-9)
    assert result.interval[0] < result.value < result.interval[1]
    assert result.protocol["num_real"] is None and result.protocol["num_fake"] == 40
    metric.set_reference(tmp_path / "real.npz")
    assert metric.compare(None, FAKE) == pytest.approx(expected, rel=1e-9)


def test_a_saved_file_says_how_it_was_made_and_other_tools_can_read_it(tmp_path):
    metric = FrechetDistance(pixels())
    metric.save_statistics(tmp_path / "real.npz", REAL, split="test")
    with np.load(tmp_path / "real.npz") as file:
        fake = gaussian_statistics(FAKE.reshape(40, 4))[:2]
        score = frechet_distance(file["mu"], file["sigma"], *fake)
        protocol = json.loads(str(file["protocol"]))
        assert file["n"] == 60
    assert metric.compare(tmp_path / "real.npz", FAKE) == pytest.approx(score, rel=1e-9)
    assert metric.protocol()["num_real"] == 60
    assert protocol["extractor"] == "pixels" and protocol["split"] == "test"
    assert [path.name for path in tmp_path.iterdir()] == ["real.npz"]
    with pytest.raises(ValueError, match=r"written to an \.npz file"):
        metric.save_statistics(tmp_path / "real.txt", REAL)


def test_a_file_of_another_extractor_or_of_something_else_is_told(tmp_path):
    path = tmp_path / "real.npz"
    FrechetDistance(pixels(), resize="bicubic").save_statistics(path, REAL)
    with pytest.raises(ValueError, match="were made otherwise: resize 'bicubic, antialiased', "):
        FrechetDistance(pixels()).compare(path, FAKE)
    with pytest.raises(ValueError, match=re.escape("pixels gives 9 features, but")):
        FrechetDistance(pixels(3)).compare(path, FAKE)
    np.savez(path, mu=MEAN)
    with pytest.raises(ValueError, match=r"holds no statistics.*KeyError"):
        FrechetDistance(pixels()).compare(path, FAKE)
    path.write_bytes(b"no archive")
    with pytest.raises(ValueError, match="holds no statistics"):
        FrechetDistance(pixels()).compare(path, FAKE)
    with pytest.raises(FileNotFoundError, match="no statistics at"):
        FrechetDistance(pixels()).compare(tmp_path / "none.npz", FAKE)
