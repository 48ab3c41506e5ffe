"""Networks of `keras.applications` with the weights that Keras trained on ImageNet."""

from keras_gans.data.paths import local_path


def application(build, title, weights, file, **options):
    """Build one without its top.

    Args:
        build: Function of `keras.applications`.
        title: What messages call it.
        weights: "imagenet", the path of a file of weights, or `None` for random ones.
        file: Name of the file that Keras would download.
        **options: For `build`.

    Returns:
        A `keras.Model`.

    Raises:
        FileNotFoundError: Nothing lies at the path.
        OSError: The weights are not there and cannot be downloaded.
        ValueError: The path is remote.
    """
    if weights not in (None, "imagenet"):
        weights = local_path(weights, f"The file of {title}'s weights")
        if not weights.is_file():
            raise FileNotFoundError(f"There are no weights of {title} at {weights}.")
    try:
        return build(include_top=False, weights=weights, **options)
    except Exception as error:
        if weights != "imagenet":
            raise
        raise OSError(
            f"The weights of {title} could not be downloaded ({error}). Fetch the file {file} of "
            "keras.applications elsewhere and pass its path as `weights`, or put it into "
            "~/.keras/models/."
        ) from error
