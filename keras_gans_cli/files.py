"""Turning a folder of images into another one, with a progress bar."""

import sys
import tempfile
from pathlib import Path

from keras_gans_cli.run import UsageError


def files_of(source, output):
    """Dict from the PNGs to write, in `output`, to the images at `source`: a folder or one."""
    from keras_gans.data.folders import image_extensions
    from keras_gans.serving.client import jobs_of

    if output.exists():
        raise UsageError(f"{output} exists and is not overwritten; name a new folder.")
    if source.is_file() and source.suffix.lower() in image_extensions():
        return {Path(source.name).with_suffix(".png"): source}
    return jobs_of(source, Path())


def convert_files(files, output, convert):
    """Write what `convert` makes of each image; all of it, or nothing.

    Args:
        files: What `files_of` returned.
        output: Path of the folder to make.
        convert: Function from an upright Pillow image to a uint8 array.

    Returns:
        The exit status: 1 where files were left out, which are named; 130 after Ctrl-C.

    Raises:
        UsageError: None of the images could be converted.
    """
    from keras_gans.data.folders import listed

    there = next(folder for folder in output.absolute().parents if folder.exists())
    try:
        with tempfile.TemporaryDirectory(dir=there, prefix=f".{output.name}-") as aside:
            written = Path(aside) / output.name
            failed = write_converted(files, written, convert)
            if len(failed) == len(files):
                raise UsageError(
                    f"None of {len(files)} images could be converted: {listed(failed)}."
                )
            output.parent.mkdir(parents=True, exist_ok=True)
            written.rename(output)
    except KeyboardInterrupt:
        print(f"\nInterrupted; there is no {output}.", file=sys.stderr)
        return 130
    if failed:
        print(f"{len(failed)} images were left out: {listed(failed)}.", file=sys.stderr)
    print(f"{len(files) - len(failed)} images are in {output}.")
    return 1 if failed else 0


def write_converted(files, folder, convert):
    """Write what `convert` makes of each image; returns why some could not be converted."""
    import keras

    from keras_gans.data.folders import read_image
    from keras_gans.data.paths import inside
    from keras_gans.samples.pictures import save_png

    progress = keras.utils.Progbar(len(files), unit_name="image")
    failed = {}
    for i, (target, path) in enumerate(files.items()):
        try:
            converted = convert(read_image(path))
        except Exception as error:  # A damaged file may raise nearly anything.
            failed[f"{target.with_suffix(path.suffix)}"] = " ".join(str(error).split())
        else:
            written = inside(folder, target)
            written.parent.mkdir(parents=True, exist_ok=True)
            save_png(converted, written)
        progress.update(i + 1)
    return failed
