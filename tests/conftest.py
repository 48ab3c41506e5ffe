"""Settings that every test shares."""

import os
import socket
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Every worker has a core: more threads would wait for each other, PyTorch's four times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# A test never reaches for an accelerator that happens to be there.
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
if os.environ["KERAS_BACKEND"] == "jax":
    # Two devices on one processor, so that several can be tested. Set before JAX starts.
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_force_host_platform_device_count" not in flags:
        os.environ["XLA_FLAGS"] = f"{flags} --xla_force_host_platform_device_count=2".strip()
    # The same step is compiled by many tests and processes: once is enough.
    cache = Path(__file__).parent.parent / ".pytest_cache" / "jax"
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(cache))
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES", "-1")
    # Tests compile much and compute little. Benchmarks and programs run what JAX optimizes.
    os.environ.setdefault("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")

import keras
import pytest

pytest.register_assert_rewrite("tests.harness")

if keras.backend.backend() == "tensorflow":
    import tensorflow as tf

    # Two devices on one processor, so that replicas can be tested. Set before the first op.
    processor = tf.config.list_physical_devices("CPU")[0]
    devices = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(processor, devices)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing under test may need the network: only this machine can be reached."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test tried to reach {address}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


def pytest_configure(config):
    from tests.harness.durations import Durations

    config.pluginmanager.register(Durations())


def pytest_collection_modifyitems(items):
    """The tutorials, one file of minutes, come first: at the end one worker would wait for it."""
    items.sort(key=lambda item: "tutorials" not in item.path.parts)


@pytest.fixture
def one_alpha(monkeypatch):
    """Penalties interpolate half-way, whatever their seed."""
    monkeypatch.setattr(keras.random, "uniform", lambda shape, **_: keras.ops.full(shape, 0.5))


@pytest.fixture(autouse=True)
def fixed_seed():
    """Every test starts from the same random state, under the default policy."""
    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy("float32")
    yield
    keras.config.set_dtype_policy("float32")
