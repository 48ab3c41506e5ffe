"""Which backends there are, and what importing costs."""

import importlib
import os
import subprocess
import sys

import pytest

BLOCK_TENSORFLOW = (
    "import sys\n"
    "for name in ('tensorflow', 'tensorflow_datasets'):\n"
    "    sys.modules[name] = None  # An import of it fails, as if it were not installed.\n"
)


def run(code, backend):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_it_trains_where_tensorflow_is_not_installed(backend):
    pytest.importorskip(backend, reason=f"the extra {backend!r} is not installed")
    code = BLOCK_TENSORFLOW + (
        "from tests.harness import dense_gan, images_for\n"
        "model = dense_gan()\n"
        "model.compile()\n"
        "model.fit(images_for(model, 4), batch_size=2, verbose=0)\n"
        "print(model.generate(2).shape)\n"
    )
    finished = run(code, backend)
    assert finished.returncode == 0, finished.stderr
    assert "(2, 4, 4, 1)" in finished.stdout


def test_another_backend_is_refused_with_a_sentence(monkeypatch):
    import keras

    import keras_gans.engine.backend as module

    monkeypatch.setattr(keras.backend, "backend", lambda: "numpy")
    with pytest.raises(ImportError, match=r"tensorflow, jax, torch; Keras runs on 'numpy'\. Set"):
        importlib.reload(module)


def test_devices_have_names():
    from keras_gans.engine.backend import backend

    assert backend.devices() and all(isinstance(name, str) for name in backend.devices())


def test_importing_loads_no_plots_and_no_data_sets():
    code = (
        "import sys, keras\n"
        "before = set(sys.modules)\n"
        "import keras_gans\n"
        "heavy = {'matplotlib', 'tensorflow_datasets', 'tensorflow', 'jax', 'torch', 'pytest'}\n"
        "assert not heavy & (set(sys.modules) - before)\n"
    )
    finished = run(code, os.environ["KERAS_BACKEND"])
    assert finished.returncode == 0, finished.stderr


def test_a_distribution_that_keras_would_ignore_is_refused():
    import keras

    from tests.harness import dense_gan, images_for

    if keras.backend.backend() == "jax":
        pytest.skip("on JAX it works")
    model = dense_gan()
    model.compile()
    images = images_for(model, 4)
    try:
        distribution = keras.distribution.DataParallel(devices=["cpu:0", "cpu:1"])
    except AttributeError:
        pytest.skip("before Keras 3.15 there is none to be ignored")
    with (
        distribution.scope(),
        pytest.raises(ValueError, match=r"keras.distribution works on JAX; on .* would ignore it"),
    ):
        model.fit(images)
    assert keras.distribution.distribution() is None
