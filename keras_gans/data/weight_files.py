"""Files of weights that other programs wrote, as numpy arrays."""

import numpy as np

from keras_gans.data.paths import local_path


def read_weights(path):
    """The arrays of a file of weights by their names. Nothing that the file holds is executed.

    Args:
        path: String or `os.PathLike` of one of

            * `.npz`, an archive of numpy;
            * `.pth` or `.pt`, tensors by their names, saved by PyTorch, which must be installed;
            * `.pb`, a frozen graph of TensorFlow, which must be installed. A gamma that its
              batch normalization does not use is left out.

    Returns:
        Dict from names to arrays.

    Raises:
        FileNotFoundError: Nothing lies there.
        ImportError: What reads it is not installed.
        ValueError: It is no such file.

    Example:

    ```python
    arrays = read_weights("pt_inception-2015-12-05-6726825d.pth")
    arrays["fc.weight"].shape  # (1008, 2048)
    ```
    """
    path = local_path(path, "A file of weights")
    reader = READERS.get(path.suffix)
    if reader is None:
        raise ValueError(f"Weights are read from {', '.join(READERS)} files, not from {path}.")
    if not path.is_file():
        raise FileNotFoundError(f"There is no file of weights at {path}.")
    try:
        return reader(path)
    except ImportError as error:
        program = "TensorFlow" if path.suffix == ".pb" else "PyTorch"
        raise ImportError(
            f"{path.name} is read by {program}, which is not installed ({error}). Install it "
            f"(pip install {error.name}), or bring the weights as an .npz archive."
        ) from error
    except Exception as error:  # Each reader has kinds of its own, down to RuntimeError.
        raise ValueError(
            f"{path} cannot be read as a file of weights: {' '.join(str(error).split())[:200]} "
            "It may be cut off, or of another program."
        ) from error


def _from_numpy(path):
    with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _from_torch(path):
    import torch

    tensors = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(tensors, dict) or not all(map(torch.is_tensor, tensors.values())):
        raise ValueError("it holds other things than tensors by their names.")
    return {name: tensor.detach().float().numpy() for name, tensor in tensors.items()}


def _from_graph(path):
    import tensorflow as tf

    graph = tf.compat.v1.GraphDef.FromString(path.read_bytes())
    unused = {
        node.input[4]
        for node in graph.node
        if node.op == "BatchNormWithGlobalNormalization"
        and not node.attr["scale_after_normalization"].b
    }
    return {
        node.name: tf.make_ndarray(node.attr["value"].tensor)
        for node in graph.node
        if node.op == "Const" and node.name not in unused
    }


READERS = {".npz": _from_numpy, ".pth": _from_torch, ".pt": _from_torch, ".pb": _from_graph}
