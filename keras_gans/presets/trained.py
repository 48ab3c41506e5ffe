"""Small trained models that come with the package."""

import keras

from keras_gans.data.paths import local_path

FOLDER = local_path(__file__, "This module").parent / "weights"


def names():
    """The names that `load` takes: a list of strings."""
    return sorted(path.stem for path in FOLDER.glob("*.keras"))


def load(name):
    """A small model that was trained beforehand: the first picture takes seconds.

    Its generator is the averaged one, its weights were rounded to float16, and it is not compiled:
    `compile()` gives its players the optimizers of their papers, to go on training it.

    Args:
        name: String, one of

            * "dcgan_fashion_mnist": what `keras-gans train dcgan` makes of the embedded images;
            * "conditional_dcgan_fashion_mnist": the same with their ten classes as `labels`;
            * "variational_autoencoder_fashion_mnist": images of a code, and codes of images.

    Returns:
        A `keras.Model` of this package.

    Raises:
        ValueError: Another name.

    Example:

    ```python
    model = keras_gans.presets.load("conditional_dcgan_fashion_mnist")
    model.generate(labels=["Bag", "Ankle boot"], seed=7)  # uint8 [2, 32, 32, 1]
    ```
    """
    return keras.saving.load_model(path_of(name, ".keras"), compile=False)


def card(name):
    """What one should know of a model of `load`, with its score: a string of Markdown."""
    return path_of(name, ".md").read_text(encoding="utf-8")


def path_of(name, suffix):
    if name not in names():
        raise ValueError(f"The trained models are {', '.join(names())}; there is no {name!r}.")
    return FOLDER / f"{name}{suffix}"
