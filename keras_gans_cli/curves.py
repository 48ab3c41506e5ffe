"""The curves of a run as a picture."""

import contextlib
from dataclasses import dataclass, field


@dataclass
class Panel:
    """One of the plots, over the epochs.

    Args:
        title: String.
        ylabel: String, what the values are or which ones are good.
        lines: Dict from labels to `(epochs, values)`.
        baselines: Dict from labels to values that no epoch changes.
        yscale: "linear" or "log".
        base: Integer, of the logarithm: 2 for values that double.
    """

    title: str
    ylabel: str
    lines: dict
    baselines: dict = field(default_factory=dict)
    yscale: str = "linear"
    base: int = 10


def lines_of(rows, *names):
    """The lines of a `Panel` from logs of epochs: one for each of the names."""
    epochs = [row["epoch"] for row in rows]
    return {name: (epochs, [row[name] for row in rows]) for name in names}


def draw_panels(panels, path):
    """Draw panels side by side into a PNG."""
    with figure_at(path, len(panels), (5 * len(panels), 4)) as (_, axes):
        _draw(axes, panels)


@contextlib.contextmanager
def figure_at(path, columns, size):
    """A figure and its axes side by side, written to a PNG at the end, aside and then renamed.

    What goes wrong with it is a warning: a run does not end for a picture.

    Args:
        path: `pathlib.Path`.
        columns: Integer, how many axes.
        size: Inches `(width, height)`.
    """
    from keras_gans.callbacks.pictures import as_decoration
    from keras_gans.data.aside import written_aside

    with as_decoration(path):
        import matplotlib.pyplot as plt

        plt.switch_backend("Agg")
        figure, axes = plt.subplots(1, columns, figsize=size, layout="constrained", squeeze=False)
        yield figure, axes[0]
        with written_aside(path) as aside:
            figure.savefig(aside, format="png", dpi=110)
        plt.close(figure)


def _draw(axes, panels):
    for axis, panel in zip(axes, panels, strict=True):
        for label, (epochs, values) in panel.lines.items():
            axis.plot(epochs, values, marker=".", label=label)
        for (label, value), style in zip(panel.baselines.items(), ("--", ":", "-."), strict=False):
            axis.axhline(value, color="grey", ls=style, label=label)
        axis.set(title=panel.title, xlabel="epoch", ylabel=panel.ylabel)
        if panel.yscale == "log":
            axis.set_yscale("log", base=panel.base)
        if panel.base == 2:
            axis.yaxis.set_major_formatter("{x:.0f}")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
        axis.legend()
