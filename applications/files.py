"""Turning a folder of images into another one, with a progress bar."""

import sys

from applications.run import UsageError


def files_of(source, output):
    """Dict from names to paths of the images at `source`, a folder or one of them."""
    from keras_gans.data.folders import image_extensions, image_files

    if output.exists():
        raise UsageError(f"{output} exists and is not overwritten; name a new folder.")
    if source.is_file() and source.suffix.lower() in image_extensions():
        return {source.name: source}
    files = image_files(source)
    if not files:
        raise UsageError(f"{source} holds no images.")
    return files


def convert_files(files, output, convert):
    """Write what `convert` makes of each image as a PNG of the same name.

    Args:
        files: What `files_of` returned.
        output: Path of the folder to make.
        convert: Function from an upright Pillow image to a uint8 array.

    Returns:
        The exit status: 1 where files were left out, which are named.
    """
    import keras

    from keras_gans.callbacks.pictures import save_png
    from keras_gans.data.folders import read_image
    from keras_gans.data.paths import inside

    output.mkdir(parents=True)
    progress = keras.utils.Progbar(len(files), unit_name="image")
    failed = {}
    for i, (name, path) in enumerate(files.items()):
        try:
            target = inside(output, name).with_suffix(".png")
            converted = convert(read_image(path))
        except (OSError, ValueError) as error:
            failed[name] = " ".join(str(error).split())
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            save_png(converted, target)
        progress.update(i + 1)
    for name, reason in failed.items():
        print(f"{name} was left out: {reason}", file=sys.stderr)
    print(f"{len(files) - len(failed)} images are in {output}.")
    return 1 if failed else 0
