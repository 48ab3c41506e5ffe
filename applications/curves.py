"""The curves of a run as a picture."""

import os
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
    """

    title: str
    ylabel: str
    lines: dict
    baselines: dict = field(default_factory=dict)
    yscale: str = "linear"


def lines_of(rows, *names):
    """The lines of a `Panel` from logs of epochs: one for each of the names."""
    epochs = [row["epoch"] for row in rows]
    return {name: (epochs, [row[name] for row in rows]) for name in names}


def draw_panels(panels, path):
    """Draw panels side by side into a PNG, aside first and then renamed."""
    import matplotlib.pyplot as plt

    plt.switch_backend("Agg")
    figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels), 4), layout="constrained")
    for axis, panel in zip(axes, panels, strict=True):
        for label, (epochs, values) in panel.lines.items():
            axis.plot(epochs, values, marker=".", label=label)
        for (label, value), style in zip(panel.baselines.items(), ("--", ":", "-."), strict=False):
            axis.axhline(value, color="grey", ls=style, label=label)
        axis.set(title=panel.title, xlabel="epoch", ylabel=panel.ylabel, yscale=panel.yscale)
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
        axis.legend()
    aside = path.with_suffix(".part")
    figure.savefig(aside, format="png", dpi=110)
    plt.close(figure)
    os.replace(aside, path)
