"""Show a run on one page: `keras-gans report RUN`.

Writes `RUN/report.html`, a file that needs no other: its pictures, curves, scores with their
protocol, settings, versions, and the model card. A report that was there is replaced.
"""

import argparse
import base64
import datetime
import html
import json
import sys
from pathlib import Path

from keras_gans_cli.commands import command_of
from keras_gans_cli.run import SETTINGS, UsageError, folder_of, run_program

PROGRAM = command_of("report")
# What stands below a picture; others are shown under their names.
CAPTIONS = {
    "curves.png": "Curves over the epochs",
    "before_and_after.png": "Held-out photographs: enlarged, and the originals",
    "animation.gif": "The same latents, epoch by epoch",
}
KINDS = {".png": "image/png", ".gif": "image/gif"}


def options_of(arguments):
    parser = argparse.ArgumentParser(prog=PROGRAM, description="Show a run on one page.")
    parser.add_argument("run", help="folder of a run")
    parser.add_argument("--output", help="file to write; by default report.html in the run")
    return parser.parse_args(arguments)


def work(options):
    """Write the page; returns the exit status."""
    from keras_gans.data.aside import written_aside
    from keras_gans.data.paths import local_path

    folder = folder_of(options.run)
    if not (folder / SETTINGS).is_file():
        raise UsageError(f"{folder} is not the folder of a run: it holds no {SETTINGS}.")
    path = folder / "report.html"
    if options.output:
        path = local_path(options.output, "The report")
        if path.exists():
            raise UsageError(f"{path} exists and is not overwritten; name another.")
        path.parent.mkdir(parents=True, exist_ok=True)
    with written_aside(path) as aside:
        aside.write_text(page_of(folder), encoding="utf-8")
    print(f"The report is {path}.")


def page_of(folder):
    """The page of the run in a folder."""
    import jinja2

    record = read(folder / "scores.json")
    histories = {name: rows for name, rows in record.items() if is_history(rows)}
    template = (Path(__file__).parent / "report.html").read_text()
    return jinja2.Template(template, autoescape=True, undefined=jinja2.StrictUndefined).render(
        name=folder.absolute().name,
        when=datetime.datetime.fromtimestamp((folder / SETTINGS).stat().st_mtime),
        pictures=[(caption, as_address(path)) for caption, path in pictures(folder)],
        scores={n: shown(v) for n, v in flat(record).items() if n not in histories},
        histories={name: table(rows) for name, rows in histories.items()},
        settings=read(folder / SETTINGS),
        environment=read(folder / "environment.json"),
        card=card(folder / "saved_model" / "MODEL_CARD.md"),
        shown=shown,
    )


def read(path):
    return json.loads(path.read_text()) if path.is_file() else {}


def is_history(value):
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def flat(record, before=""):
    """A dict of dicts as one, whose names are joined by spaces."""
    found = {}
    for name, value in record.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{name} ")
        else:
            found[before + name] = value
    return found


def shown(value):
    """A value as one writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return str(value)


def table(rows):
    """The names of a history's columns, and its rows as texts."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return names, [[shown(row[name]) if name in row else "" for name in names] for row in rows]


def pictures(folder):
    """Pairs of a caption and a path: the newest grid, how it came to it, curves, and what else."""
    grids = sorted((folder / "samples").glob("epoch_*.png"))
    if grids:
        yield f"Samples after epoch {int(grids[-1].stem.split('_')[1])}", grids[-1]
    animation = folder / "samples" / "animation.gif"
    others = sorted(folder.glob("*.png"))
    for path in [*([animation] if animation.is_file() else []), *others]:
        yield CAPTIONS.get(path.name, path.stem.replace("_", " ")), path


def as_address(path):
    """A picture as an address that holds it."""
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:{KINDS[path.suffix]};base64,{content}"


def card(path):
    """The model card as HTML, without its title; nothing where there is none."""
    import markdown
    import markupsafe

    if not path.is_file():
        return ""
    _, _, text = path.read_text().partition("\n")
    text = html.escape(text, quote=False)  # Names of classes and files are no HTML.
    below = {"toc": {"baselevel": 2}}  # Its headings stand below that of the page.
    return markupsafe.Markup(
        markdown.markdown(text, extensions=["tables", "toc"], extension_configs=below)
    )


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, work)


if __name__ == "__main__":
    sys.exit(main())
