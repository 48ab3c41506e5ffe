"""Images in: arrays, folders, TensorFlow Datasets, an embedded set, and toy distributions."""

from keras_gans.data.checks import (
    check_contents,
    check_images,
    check_length,
    check_values,
    first_batch,
)
from keras_gans.data.clusters import clusters
from keras_gans.data.conversion import to_float, to_uint8
from keras_gans.data.fashion_mnist import FASHION_MNIST_CLASSES, fashion_mnist
from keras_gans.data.folders import read_folder
from keras_gans.data.growing_images import GrowingImages
from keras_gans.data.image_dataset import ImageDataset, SetEpoch
from keras_gans.data.images import images
from keras_gans.data.pair_datasets import PairedDataset, UnpairedDataset
from keras_gans.data.pairs import paired, unpaired
from keras_gans.data.resizing import fit_image
from keras_gans.data.stacked_images import StackedImages
from keras_gans.data.super_resolution import (
    PatchDataset,
    enlarge_image,
    reduce_image,
    super_resolution,
)
from keras_gans.data.tf_data import read_tf_data
from keras_gans.data.tfds import read_tfds
from keras_gans.data.toys import (
    GRID_MODES,
    GRID_STD,
    RING_MODES,
    RING_STD,
    Mixture,
    grid,
    pacgan_grid,
    pacgan_ring,
    ring,
    swiss_roll,
)
from keras_gans.data.whitening import whiten

__all__ = [
    "FASHION_MNIST_CLASSES",
    "GRID_MODES",
    "GRID_STD",
    "RING_MODES",
    "RING_STD",
    "GrowingImages",
    "ImageDataset",
    "Mixture",
    "PairedDataset",
    "PatchDataset",
    "SetEpoch",
    "StackedImages",
    "UnpairedDataset",
    "check_contents",
    "check_images",
    "check_length",
    "check_values",
    "clusters",
    "enlarge_image",
    "fashion_mnist",
    "first_batch",
    "fit_image",
    "grid",
    "images",
    "pacgan_grid",
    "pacgan_ring",
    "paired",
    "read_folder",
    "read_tf_data",
    "read_tfds",
    "reduce_image",
    "ring",
    "super_resolution",
    "swiss_roll",
    "to_float",
    "to_uint8",
    "unpaired",
    "whiten",
]
