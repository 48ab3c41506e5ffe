"""Begin a variant of one's own: `keras-gans new my_gan --from latent`.

Writes a package that trains as it stands, into a folder of its name: `model.py` has the algorithm,
`preset.py` its numbers, `test_my_gan.py` what every model has to do. Nothing else is touched.
"""

import argparse
import importlib.util
import keyword
import re
import sys
import tempfile
from pathlib import Path

from keras_gans_cli.commands import command_of
from keras_gans_cli.run import UsageError, run_program

PROGRAM = command_of("new")
TEMPLATES = Path(__file__).parent / "templates"
KINDS = ("latent", "translation")


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Begin a variant of one's own.")
    parser.add_argument("name", help="of the package to write here, such as my_gan")
    parser.add_argument(
        "--from",
        dest="kind",
        choices=KINDS,
        default=KINDS[0],
        help="what it makes images of: latents (default), or other images",
    )
    return parser.parse_args(arguments)


def work(options):
    name, folder = options.name, Path(options.name)
    if not re.fullmatch("[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise UsageError(
            "A variant is a Python package, whose name has small letters, digits and _ and begins "
            f"with a letter, such as my_gan; it was {name!r}."
        )
    if folder.exists():
        raise UsageError(f"{folder} exists and is not overwritten; choose another name.")
    if importlib.util.find_spec(name) is not None:
        raise UsageError(f"{name} is a package of that name already; choose another.")
    with tempfile.TemporaryDirectory(dir=".", prefix=f".{name}-") as aside:
        written = Path(aside) / name
        written.mkdir()
        for template in sorted((TEMPLATES / options.kind).glob("*.py")):
            text = named(template.read_text(encoding="utf-8"), name)
            (written / named(template.name, name)).write_text(text, encoding="utf-8")
        written.rename(folder)
    print(f"{folder} holds model.py, the algorithm; preset.py, its numbers; and a test of both:")
    print(f"  python -m pytest {folder}")


def named(text, name):
    """A text of the templates for a variant of another name."""
    return text.replace("my_gan", name).replace("MyGAN", class_of(name))


def class_of(name):
    """The name of the class: `my_gan` is MyGAN, `sliced_wgan` is SlicedWGAN."""
    words = (re.sub("gan$", "GAN", word) for word in name.split("_"))
    return "".join(word[:1].upper() + word[1:] for word in words)


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
