"""What pix2pix and CycleGAN learn from two folders of partners, beside simple baselines.

    python -m benchmarks.translation --data emoji64.zip/emoji64 --output benchmarks/translation.md

Trains three times by the programs of `applications`: pix2pix, the same generator on L1 alone, and
CycleGAN, which is not told the pairs. Runs that are in `--runs` already are gone on with. Scores
are those of held-out images, which are the same names for all three.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.sharpness import gradient_energy
from benchmarks.timed_run import minutes, run_timed

PROGRAMS = {
    "pix2pix": ["applications.pix2pix", "--epochs", "25"],
    "l1_alone": ["applications.pix2pix", "--receptive-field", "0", "--epochs", "25"],
    "cyclegan": ["applications.cyclegan", "--epochs", "5"],
}
TITLES = {
    "l1_alone": "the generator of pix2pix, L1 alone",
    "pix2pix": "pix2pix",
    "cyclegan": "CycleGAN, without the pairs",
}


def train(name, options):
    """Train by a program; returns its seconds."""
    command = [*PROGRAMS[name], "--source", f"{options.data}/{options.source}"]
    command += ["--target", f"{options.data}/{options.target}"]
    return run_timed(command, options.runs / name)


def held_out(options):
    """`(sources, targets)`, uint8, of the names that no program trains on."""
    from keras_gans.data import paired
    from keras_gans_cli.held_out import is_held_out

    dataset = paired(
        f"{options.data}/{options.source}",
        f"{options.data}/{options.target}",
        image_shape=(64, 64, 3),
        select=is_held_out(0.1),
        shuffle=False,
    )
    return dataset.arrays


def translations(options, sources):
    """Dict from the names of the runs to what their models make of the sources."""
    import keras

    return {
        name: keras.saving.load_model(options.runs / name / "model.keras").translate(sources)
        for name in PROGRAMS
    }


def score_table(record, images, sources, targets):
    from keras_gans_cli.translation import scores

    wanted = gradient_energy(targets)
    lines = [
        "| held-out images | L1 | SSIM | PSNR (dB) | gradient energy | of the targets' |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        f"| the targets themselves | 0 | 1 |  | {wanted:.5f} | 1.00 |",
    ]
    energies = {TITLES[name]: gradient_energy(made) for name, made in images.items()}
    energies = {"copy of the input": gradient_energy(sources), **energies}
    rows = {**record["baselines"], **{TITLES[n]: scores(x, targets) for n, x in images.items()}}
    for title, row in rows.items():
        energy = energies.get(title)
        sharp = "|  |  |" if energy is None else f"| {energy:.5f} | {energy / wanted:.2f} |"
        lines.append(
            f"| {title} | {row['l1_distance']:.4f} | {row['ssim']:.3f} | {row['psnr']:.2f} {sharp}"
        )
    return "\n".join(lines)


def time_table(times):
    lines = ["| run | command | clock | processor |", "| --- | --- | ---: | ---: |"]
    for name, program in PROGRAMS.items():
        clock, processor = (minutes(times[name][kind]) for kind in ("clock", "processor"))
        resumed = " (after a resumption)" if times[name]["resumed"] else ""
        lines.append(
            f"| {TITLES[name]} | `{' '.join(program)} ...` | {clock}{resumed} | {processor} |"
        )
    return "\n".join(lines)


def cycle_table(rows):
    lines = [
        "| epoch | cycle error, training | cycle error, held out | L1 to the partners, held out |"
    ]
    lines.append("| ---: | ---: | ---: | ---: |")
    for row in rows:
        values = " | ".join(f"{row[key]:.3f}" for key in ("cycle", "val_cycle", "val_l1_distance"))
        lines.append(f"| {row['epoch']} | {values} |")
    return "\n".join(lines)


def draw(path, images, sources, targets):
    from keras_gans.callbacks.pictures import label_rows
    from keras_gans.samples.pictures import make_grid, save_png
    from keras_gans_cli.translation import shown

    rows = {"source": sources, "L1 alone": images["l1_alone"], "pix2pix": images["pix2pix"]}
    rows |= {"CycleGAN": images["cyclegan"], "target": targets}
    columns = [shown(row) for row in rows.values()]
    grid = make_grid(np.concatenate(columns), len(columns[0]))
    save_png(label_rows(grid, list(rows)), path)


def report(options, times):
    sources, targets = held_out(options)
    images = translations(options, sources)
    records = {n: json.loads((options.runs / n / "scores.json").read_text()) for n in PROGRAMS}
    pairs = records["pix2pix"]["pairs"]
    draw(options.output.with_suffix(".png"), images, sources, targets)
    return f"""# Image translation

`python -m benchmarks.translation --data {options.data.name} --source {options.source} \
--target {options.target}` on the machine of [README.md](README.md).

{pairs["training"]:,} pairs of 64x64 pixels to train on, {pairs["held_out"]} held out; networks of
width 16, batches of 16 (CycleGAN: 4), the programs' defaults but for the epochs, seed 0.

{score_table(records["pix2pix"], images, sources, targets)}

L1 is a share of the range of pixels. Gradient energy is the mean squared difference of
neighbouring pixels: how sharp pictures are.

![Held-out images]({options.output.with_suffix(".png").name})

Sources: Noto Emoji (Google, Apache-2.0). Targets: Twemoji (Twitter, CC-BY 4.0).

{time_table(times)}

## CycleGAN over its training

The cycle error is the weighted one of the loss: 10 (|F(G(a)) - a| + |G(F(b)) - b|), pixels in
[-1, 1]. CycleGAN sees no pairs; the distance to the partners is only measured.

{cycle_table(records["cyclegan"]["epochs"])}
"""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of both, or in a zip")
    parser.add_argument("--source", default="noto", help="folder of the sources in it")
    parser.add_argument("--target", default="twemoji", help="folder of the targets in it")
    parser.add_argument("--runs", type=Path, default=Path("runs/translation"))
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    options = parser.parse_args()
    times = {name: train(name, options) for name in PROGRAMS}
    options.output.write_text(report(options, times))
    print(options.output.read_text())


if __name__ == "__main__":
    main()
