"""The Python of the README and of docs/ runs, block after block, as it stands there.

Networks are narrow, and every fit ends after a step.
"""

import functools
import re
import shutil
import warnings
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

import keras_gans
from keras_gans.engine import AdversarialModel
from tests.backends import shown_on_tensorflow

ROOT = Path(__file__).parent.parent


def blocks_of(name):
    return re.findall(r"```python\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)


# Those that have Python and need nothing from elsewhere: no download, server or second device.
PAGES = [
    f"docs/{name}.md"
    for name in (
        "codes",
        "conditional",
        "data",
        "exports",
        "first_run",
        "index",
        "latent_gans",
        "long_runs",
        "objectives",
        "progressive",
        "scores",
        "super_resolution",
        "translation",
    )
]
IMAGES = 64  # The README draws so many.


@pytest.fixture(scope="module")
def things(tmp_path_factory):
    """The pictures and the export that the README and the pages speak of."""
    folder = tmp_path_factory.mktemp("things")
    rng = np.random.default_rng(0)
    for name in ("my_photos", "sketches", "photos", "horses", "zebras", "photographs", "generated"):
        (folder / name).mkdir()
        for i in range(IMAGES):
            pixels = rng.integers(0, 256, (96, 96, 3), dtype="uint8")
            Image.fromarray(pixels).save(folder / name / f"{i}.png")
    for i in range(IMAGES):
        of_class = folder / "clothes" / ("bag", "shirt")[i % 2]
        of_class.mkdir(parents=True, exist_ok=True)
        pixels = rng.integers(0, 256, (32, 32, 3), dtype="uint8")
        Image.fromarray(pixels).save(of_class / f"{i}.png")
    small = keras_gans.presets.clustered_dcgan((16, 16, 1), 4, width=2)
    small.export(folder / "runs/dcgan/saved_model")
    small.save(folder / "runs/dcgan/model.keras")
    return folder


@pytest.fixture
def home(things, tmp_path, monkeypatch):
    """A folder with a copy of them, which is where scores keep their features, too."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(keras_gans.metrics.FrechetDistance, "cache", None)
    shutil.copytree(things, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class AfterTheFirstStep(keras.callbacks.Callback):
    """Ends a fit that would take days here; what grows is grown after four."""

    def on_train_begin(self, logs=None):
        if growth := getattr(self.model, "growth", None):
            growth.fade_images = growth.stabilise_images = 1
            self.model.minibatches = {4: 4}

    def on_train_batch_begin(self, batch, logs=None):
        self.model.stop_training = batch >= (4 if hasattr(self.model, "growth") else 0)


@pytest.fixture
def one_step(monkeypatch):
    """`fit` of any model stops after a step."""
    fit = keras.Model.fit

    def briefly(self, *arguments, callbacks=None, **keywords):
        callbacks = [*(callbacks or []), AfterTheFirstStep()]
        # Compiling large networks takes longer than a step of them.
        self.run_eagerly = hasattr(self, "growth") or hasattr(self, "translate")
        return fit(self, *arguments, callbacks=callbacks, **{**keywords, "verbose": 0})

    monkeypatch.setattr(keras.Model, "fit", briefly)


@pytest.fixture
def narrow(monkeypatch):
    """Presets and networks without most of their channels."""
    presets = keras_gans.presets
    for name in ("dcgan", "conditional_dcgan", "pix2pix", "cyclegan", "infogan"):
        monkeypatch.setattr(presets, name, functools.partial(getattr(presets, name), width=2))
    features = keras.Sequential([keras.Input((96, 96, 3)), keras.layers.Conv2D(2, 3)])
    srgan = functools.partial(presets.srgan, width=2, features=features)  # No download.
    monkeypatch.setattr(presets, "srgan", srgan)
    monkeypatch.setattr(presets, "progressive_gan", presets.progressive_gan_small)
    srresnet = functools.partial(keras_gans.networks.srresnet, blocks=1, width=4)
    monkeypatch.setattr(keras_gans.networks, "srresnet", srresnet)
    pixels = keras_gans.metrics.pixel_extractor((8, 8, 3))
    monkeypatch.setattr(keras_gans.metrics, "convert_inception", lambda *paths: pixels)  # Likewise.


def run(page):
    """The names that the blocks of a page have made."""
    names = {}
    for i, block in enumerate(blocks_of(page)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            exec(compile(block, f"{page}, block {i + 1}", "exec"), names)
    return names


@shown_on_tensorflow("what the README says is the same on every backend")
def test_the_blocks_of_the_readme_run_one_after_another(home, one_step, narrow):
    assert isinstance(run("README.md")["model"], AdversarialModel)


@shown_on_tensorflow("what the pages say is the same on every backend")
@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_the_page_run_one_after_another(page, home, one_step, narrow):
    assert run(page)


@shown_on_tensorflow("what the page says is the same on every backend")
def test_the_block_of_the_page_on_objectives_runs_by_itself(one_step):
    (block,) = blocks_of("docs/choosing_an_objective.md")
    names = {}
    exec(compile(block, "docs/choosing_an_objective.md", "exec"), names)
    assert names["model"].generate(3).shape == (3, 2)
