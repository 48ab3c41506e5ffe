"""The published Inception of 2015 as a Keras extractor."""

import os
import tempfile
from pathlib import Path

import keras
import numpy as np

from keras_gans.data.paths import local_path
from keras_gans.data.weight_files import read_weights
from keras_gans.networks.inception import CLASSES, inception_2015
from keras_gans.typing import FilePath

INCEPTION_2015 = "inception_2015"

# Where the convolutions of a block are in the graph, and in the port to PyTorch.
BLOCK_OF_35 = {
    "conv": "branch1x1",
    "tower/conv": "branch5x5_1",
    "tower/conv_1": "branch5x5_2",
    "tower_1/conv": "branch3x3dbl_1",
    "tower_1/conv_1": "branch3x3dbl_2",
    "tower_1/conv_2": "branch3x3dbl_3",
    "tower_2/conv": "branch_pool",
}
REDUCTION_TO_17 = {
    "conv": "branch3x3",
    "tower/conv": "branch3x3dbl_1",
    "tower/conv_1": "branch3x3dbl_2",
    "tower/conv_2": "branch3x3dbl_3",
}
BLOCK_OF_17 = {
    "conv": "branch1x1",
    "tower/conv": "branch7x7_1",
    "tower/conv_1": "branch7x7_2",
    "tower/conv_2": "branch7x7_3",
    "tower_1/conv": "branch7x7dbl_1",
    "tower_1/conv_1": "branch7x7dbl_2",
    "tower_1/conv_2": "branch7x7dbl_3",
    "tower_1/conv_3": "branch7x7dbl_4",
    "tower_1/conv_4": "branch7x7dbl_5",
    "tower_2/conv": "branch_pool",
}
REDUCTION_TO_8 = {
    "tower/conv": "branch3x3_1",
    "tower/conv_1": "branch3x3_2",
    "tower_1/conv": "branch7x7x3_1",
    "tower_1/conv_1": "branch7x7x3_2",
    "tower_1/conv_2": "branch7x7x3_3",
    "tower_1/conv_3": "branch7x7x3_4",
}
BLOCK_OF_8 = {
    "conv": "branch1x1",
    "tower/conv": "branch3x3_1",
    "tower/mixed/conv": "branch3x3_2a",
    "tower/mixed/conv_1": "branch3x3_2b",
    "tower_1/conv": "branch3x3dbl_1",
    "tower_1/conv_1": "branch3x3dbl_2",
    "tower_1/mixed/conv": "branch3x3dbl_3a",
    "tower_1/mixed/conv_1": "branch3x3dbl_3b",
    "tower_2/conv": "branch_pool",
}
BLOCKS = {
    "mixed": ("Mixed_5b", BLOCK_OF_35),
    "mixed_1": ("Mixed_5c", BLOCK_OF_35),
    "mixed_2": ("Mixed_5d", BLOCK_OF_35),
    "mixed_3": ("Mixed_6a", REDUCTION_TO_17),
    "mixed_4": ("Mixed_6b", BLOCK_OF_17),
    "mixed_5": ("Mixed_6c", BLOCK_OF_17),
    "mixed_6": ("Mixed_6d", BLOCK_OF_17),
    "mixed_7": ("Mixed_6e", BLOCK_OF_17),
    "mixed_8": ("Mixed_7a", REDUCTION_TO_8),
    "mixed_9": ("Mixed_7b", BLOCK_OF_8),
    "mixed_10": ("Mixed_7c", BLOCK_OF_8),
}
CONVOLUTIONS = {
    "conv": "Conv2d_1a_3x3",
    "conv_1": "Conv2d_2a_3x3",
    "conv_2": "Conv2d_2b_3x3",
    "conv_3": "Conv2d_3b_1x1",
    "conv_4": "Conv2d_4a_3x3",
    **{
        f"{scope}/{place}": f"{name}.{branch}"
        for scope, (name, block) in BLOCKS.items()
        for place, branch in block.items()
    },
}
EPSILON = 0.001


def convert_inception(
    path: FilePath, output: FilePath | None = None, head: str = "features"
) -> keras.Model:
    """The published weights in a Keras model, with which the Frechet distance is the FID.

    Fetch one of these files yourself; neither is downloaded or shipped here:

    * `classify_image_graph_def.pb`, the graph of TensorFlow, from the archive
      `inception-2015-12-05.tgz`;
    * `pt_inception-2015-12-05-6726825d.pth`, its port to PyTorch that pytorch-fid uses;
    * an `.npz` archive of arrays named and shaped as in either.

    Args:
        path: Of the file.
        output: The path of a `.keras` file to write: `FrechetDistance("inception.keras")` then
            takes it. It is written aside and renamed, and replaces what was there.
        head: "features", the 2,048 that the FID, KID and precision and recall are computed with;
            or "logits", the 1,008 without a bias, whose softmax is that of the Inception score.

    Returns:
        A frozen `keras.Model` from images `(n, 299, 299, 3)` in [-1, 1] to features `(n, 2048)`,
        named "inception_2015", or to logits `(n, 1008)`, named "inception_2015_logits". Scores
        compare with those of papers where they are computed with `resize="legacy"`, or with
        `resize="clean"` for the numbers of clean-fid.

    Raises:
        FileNotFoundError, ImportError: See `read_weights`.
        ValueError: Another `head` or suffix of `output`, or a file that holds another network: what
            is missing, or has another shape, is named.

    Example:

    ```python
    convert_inception("pt_inception-2015-12-05-6726825d.pth", "inception.keras")
    fid = FrechetDistance("inception.keras", resize="legacy")
    ```

    References:
        Heusel et al. 2017, arXiv:1706.08500, section 4; Salimans et al. 2016, arXiv:1606.03498.
    """
    if head not in ("features", "logits"):
        raise ValueError(f'`head` is "features" or "logits", not {head!r}.')
    if output is not None:
        output = local_path(output, "The converted extractor")
        if output.suffix != ".keras":
            raise ValueError(f"An extractor is written to a .keras file, not to {output}.")
    arrays = Arrays(path)
    network = inception_2015()
    for scope, name in CONVOLUTIONS.items():
        layer = network.get_layer(scope.replace("/", "_"))
        layer.set_weights(arrays.convolution(scope, name, tuple(layer.kernel.shape)))
    network.get_layer("logits").set_weights([arrays.logits()])
    name = INCEPTION_2015 if head == "features" else f"{INCEPTION_2015}_logits"
    extractor = keras.Model(network.input, network.output[head], name=name)
    extractor.trainable = False
    if output is not None:
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as aside:
            written = Path(aside) / output.name
            extractor.save(written)
            os.replace(written, output)
    return extractor


class Arrays:
    """The arrays of a file, in the graph's names or the port's, each asked for with its shape."""

    def __init__(self, path):
        self.path = path
        self.arrays = read_weights(path)
        self.of_graph = any(name.endswith("conv2d_params") for name in self.arrays)

    def convolution(self, scope, name, shape):
        """Kernel and bias, with the batch normalization after them folded in."""
        filters = shape[-1:]
        if self.of_graph:
            kernel = self.get(f"{scope}/conv2d_params", shape)
            scope = f"{scope}/batchnorm"
            gamma, beta, mean, variance = (
                f"{scope}/{x}" for x in ("gamma", "beta", "moving_mean", "moving_variance")
            )
        else:
            kernel = self.get(f"{name}.conv.weight", (*filters, shape[2], *shape[:2]))
            kernel = kernel.transpose(2, 3, 1, 0)
            gamma, beta, mean, variance = (
                f"{name}.bn.{x}" for x in ("weight", "bias", "running_mean", "running_var")
            )
        # The graph holds gammas that it does not use, which are none of the arrays.
        scale = self.get(gamma, filters) if gamma in self.arrays else np.ones(filters)
        scale = scale / np.sqrt(self.get(variance, filters) + EPSILON)
        return [kernel * scale, self.get(beta, filters) - self.get(mean, filters) * scale]

    def logits(self):
        if self.of_graph:
            return self.get("softmax/weights", (2048, CLASSES))
        return self.get("fc.weight", (CLASSES, 2048)).T

    def get(self, name, shape):
        """An array in float64."""
        if name not in self.arrays:
            raise ValueError(
                f'{self.path} has no tensor "{name}": it does not hold the Inception of 2015 as '
                "classify_image_graph_def.pb or pt_inception-2015-12-05-6726825d.pth do."
            )
        array = self.arrays[name].astype("float64")
        if array.shape != shape:
            raise ValueError(
                f'In {self.path} the tensor "{name}" has the shape {array.shape}, and in the '
                f"Inception of 2015 it has {shape}."
            )
        return array
