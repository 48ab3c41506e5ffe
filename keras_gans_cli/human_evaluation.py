"""Ask people: `keras-gans human-evaluation --real A --fake B --output page.html`.

Writes one HTML file that shows images of both folders, one after another or in pairs, and asks
which are real, or which are better. It needs no network: send it to somebody, or open it. It ends
with the answers as JSON, which `--answers one.json other.json` adds up. Images are drawn at random,
brought to the size of the generated ones, and lose their names.
"""

import argparse
import json
import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.options import HelpFormatter, add_count, whole_number_from
from keras_gans_cli.run import UsageError, folder_of, run_program

PROGRAM = command_of("human_evaluation")
LARGEST = 512  # Pixels a side: two of them stand side by side on a screen.


def options_of(arguments):
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Make a page that asks people about images, or add up their answers.",
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--real", help="folder or zip archive of real images")
    parser.add_argument("--fake", help="folder or zip archive of generated images")
    parser.add_argument("--output", default="human_evaluation.html", help="the page to write")
    parser.add_argument(
        "--ask",
        choices=("real_or_fake", "which_is_better"),
        default="real_or_fake",
        help="of one image after another, or of pairs with one of each folder",
    )
    add_count(parser, "number", 50, "images of each folder, drawn at random; 500 at most")
    add_count(parser, "size", None, "pixels a side; by default as the first generated image has")
    parser.add_argument("--title", default="Images to judge", help="what people read above")
    parser.add_argument(
        "--seed", type=whole_number_from(0), default=0, help="of the draw and the order"
    )
    parser.add_argument("--answers", nargs="+", help="files of answers to one page, to add up")
    return parser.parse_args(arguments)


def work(options):
    if options.answers:
        return print_answers(options.answers)
    if not (options.real and options.fake):
        raise UsageError("Name two folders of images by --real and --fake, or --answers.")
    return write_page(options)


def write_page(options):
    from keras_gans.data.aside import written_aside
    from keras_gans.data.folders import image_files, read_image
    from keras_gans.human_evaluation import forced_choice_page

    output = folder_of(options.output)
    if output.exists():
        raise UsageError(f"{output} exists and is not overwritten; name another --output.")
    if not output.parent.is_dir():
        raise UsageError(f"There is no folder {output.parent} to write {output.name} to.")
    files = {name: image_files(getattr(options, name)) for name in ("real", "fake")}
    for name, found in files.items():
        if len(found) < 2:
            raise UsageError(
                f"{getattr(options, name)} holds {len(found)} images; 2 are the least."
            )
    number = min(options.number, *map(len, files.values()))
    size = (options.size, options.size)
    if options.size is None:
        first = read_image(next(iter(files["fake"].values())))
        shrunk = min(1, LARGEST / max(first.size))
        size = round(first.height * shrunk), round(first.width * shrunk)
    real, fake = (
        drawn(getattr(options, name), found, number, (*size, 3), options.seed)
        for name, found in files.items()
    )
    number = min(len(real), len(fake))  # Without those that could not be read.
    page = forced_choice_page(
        real[:number], fake[:number], options.ask, options.seed, options.title
    )
    with written_aside(output) as aside:
        aside.write_text(page, encoding="utf-8")
    print(
        f"{output} asks about {number} images of each folder, {size[1]} x {size[0]} pixels, in "
        f"{len(page) / 2**20:.1f} MiB. Open it in a browser; {output.name}#1, #2, ... have other "
        "orders, for other people. Add up their answers by --answers."
    )


def drawn(folder, files, number, image_shape, seed):
    """As many of the images at random: uint8 [number, *image_shape]."""
    import numpy as np

    from keras_gans.data import fit_image
    from keras_gans.data.folders import decode_all, read_image

    names = np.random.default_rng(seed).permutation([*files])[:number].tolist()

    def decode(name):
        return [fit_image(read_image(files[name]), image_shape)]

    (images,), _ = decode_all(folder, names, decode, [image_shape])
    return images


def print_answers(paths):
    from keras_gans.human_evaluation import added_answers

    results = []
    for path in paths:
        try:
            results.append(json.loads(folder_of(path).read_text(encoding="utf-8")))
        except json.JSONDecodeError:
            raise UsageError(f"{path} holds no answers: save what the page ends with.") from None
    try:
        added = added_answers(results)
    except (KeyError, TypeError):
        raise UsageError(
            "These files are not all answers of a page: save what it ends with."
        ) from None
    for name, share in added.items():
        low, high = share["interval"]
        each = ", ".join(f"{r['shares'][name]['count']}/{r['shares'][name]['of']}" for r in results)
        print(
            f"{name.replace('_', ' ')}: {share['count']} of {share['of']}, {share['share']:.1%} "
            f"({results[0]['level']:.0%} interval {low:.1%} to {high:.1%}; each person: {each})"
        )


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
