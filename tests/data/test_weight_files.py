"""Weights of other programs as arrays."""

import builtins
import pickle

import numpy as np
import pytest

from keras_gans.data.weight_files import read_weights
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("arrays are numpy's on every backend")

ARRAYS = {"a": np.arange(6, dtype="float32").reshape(2, 3), "b/c": np.float32([1.5])}


def write_graph(path, arrays, normalizations=()):
    """A frozen graph: constants, and batch normalizations as (name, gamma, whether it is used)."""
    tf = pytest.importorskip("tensorflow")
    graph = tf.compat.v1.GraphDef()
    for name, array in arrays.items():
        node = graph.node.add(name=name, op="Const")
        node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(array))
    for name, gamma, used in normalizations:
        inputs = ["x", "mean", "variance", "beta", gamma]
        node = graph.node.add(name=name, op="BatchNormWithGlobalNormalization", input=inputs)
        node.attr["scale_after_normalization"].b = used
    path.write_bytes(graph.SerializeToString())


def write(path, arrays):
    if path.suffix == ".npz":
        np.savez(path, **arrays)
    elif path.suffix == ".pb":
        write_graph(path, arrays)
    else:
        torch = pytest.importorskip("torch")
        torch.save({name: torch.as_tensor(array) for name, array in arrays.items()}, path)


@pytest.mark.parametrize("suffix", [".npz", ".pth", ".pt", ".pb"])
def test_arrays_come_back_by_their_names(suffix, tmp_path):
    write(tmp_path / f"weights{suffix}", ARRAYS)
    read = read_weights(str(tmp_path / f"weights{suffix}"))
    assert read.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].shape == array.shape


def test_a_gamma_that_the_graph_does_not_use_is_left_out(tmp_path):
    arrays = {"used": np.ones(2, "float32"), "unused": np.ones(2, "float32")}
    write_graph(tmp_path / "x.pb", arrays, [("m", "used", True), ("n", "unused", False)])
    assert read_weights(tmp_path / "x.pb").keys() == {"used"}


@pytest.mark.parametrize("suffix", [".npz", ".pth", ".pb"])
def test_a_file_that_is_cut_off_is_told(suffix, tmp_path):
    path = tmp_path / f"weights{suffix}"
    write(path, ARRAYS)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ValueError, match="cannot be read as a file of weights"):
        read_weights(path)


class Trap:
    def __reduce__(self):
        return pytest.fail, ("Code of a file was executed.",)


def test_code_in_a_file_is_not_executed(tmp_path):
    torch = pytest.importorskip("torch")
    torch.save({"a": Trap()}, tmp_path / "x.pth")
    (tmp_path / "y.pth").write_bytes(pickle.dumps({"a": Trap()}))
    np.savez(tmp_path / "z.npz", a=np.array([Trap()], object))
    for path in tmp_path.iterdir():
        with pytest.raises(ValueError, match="cannot be read as a file of weights"):
            read_weights(path)


def test_other_things_than_tensors_are_told(tmp_path):
    torch = pytest.importorskip("torch")
    torch.save({"epoch": 3}, tmp_path / "x.pth")
    with pytest.raises(ValueError, match="other things than tensors by their names"):
        read_weights(tmp_path / "x.pth")


def test_another_suffix_and_no_file_are_told(tmp_path):
    with pytest.raises(ValueError, match=r"from \.npz, \.pth, \.pt, \.pb files, not from .*x\.h5"):
        read_weights(tmp_path / "x.h5")
    with pytest.raises(FileNotFoundError, match="no file of weights at"):
        read_weights(tmp_path / "x.pb")
    with pytest.raises(ValueError, match="must lie on this machine"):
        read_weights("https://example.org/x.pb")


@pytest.mark.parametrize(("suffix", "program"), [(".pb", "TensorFlow"), (".pth", "PyTorch")])
def test_a_reader_that_is_not_installed_is_named(suffix, program, tmp_path, monkeypatch):
    (tmp_path / f"x{suffix}").touch()
    present = builtins.__import__

    def without(name, *rest):
        if name in ("tensorflow", "torch"):
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return present(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=rf"read by {program}, which is not installed.*\.npz"):
        read_weights(tmp_path / f"x{suffix}")
