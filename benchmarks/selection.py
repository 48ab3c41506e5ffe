"""Rejection sampling and Metropolis-Hastings on a grid of 25 Gaussians: before and after.

    python -m benchmarks.selection --output benchmarks/selection.md

A GAN is trained as in the row "non-saturating, R1 and R2" of `benchmarks.objectives`; then the
discriminator alone goes on for a while. The same generator is sampled in all ways.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.objectives import BATCH, RATE, SAMPLES, spread, toy_of

ROW = "non_saturating_r1_r2"
STEPS = 6_000
AFTERWARDS = 4_000
REAL = 5_000
PROPOSALS = 640

HEAD = f"""# Which of a generator's samples to keep, by what its discriminator says

`python -m benchmarks.selection --output benchmarks/selection.md`

PacGAN's grid of 25 Gaussians (deviation 0.05). Networks, optimizers and {STEPS:,} steps of training
are those of the row "non-saturating, R1 and R2" of `objectives.md`. Both papers want a
discriminator that is at its best for the generator: so this one then stands still for
{AFTERWARDS:,} steps of a new discriminator, 256 wide, not 128, without a penalty. Each row is
{SAMPLES:,} points of that generator, the same in all rows, by `generate(..., select=...)`. Of high
quality is a point within three deviations of its nearest mode, a mode is found by one such point,
KL is that of the points' shares of modes to even ones; of the grid itself 98.9 % are of high
quality, and the KL is 0.005. "Calibrated" is with {REAL:,} real points that training has not seen.

"""
TAIL = """
Mean and deviation of {seeds} seeds; one thread, on a machine that did other work as well.
"""


def ways():
    from keras_gans.latents import DiscriminatorRejectionSampling, MetropolisHastings

    real = toy_of("grid")(REAL, seed=99)
    return {
        "as generated": None,
        "rejection sampling": DiscriminatorRejectionSampling(),
        "rejection sampling, calibrated": DiscriminatorRejectionSampling(real=real),
        f"Metropolis-Hastings, {PROPOSALS} steps": MetropolisHastings(PROPOSALS),
        f"Metropolis-Hastings, {PROPOSALS} steps, calibrated": MetropolisHastings(
            PROPOSALS, real=real
        ),
    }


def trained(seed, steps, afterwards):
    """A GAN on the grid, and its discriminator at its best."""
    import keras

    from benchmarks.objectives import build
    from keras_gans.models import GAN
    from keras_gans.networks import wgan_gp_toy_discriminator

    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    toy = toy_of("grid")
    model, batch = build(ROW, "grid", seed, steps)
    model.fit(toy(steps * batch, seed=[seed, 0]), batch_size=batch, verbose=0)
    last = GAN(model.generator, wgan_gp_toy_discriminator(width=256), 2, seed=seed)
    rate = keras.optimizers.schedules.CosineDecay(RATE, afterwards)
    last.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.Adam(rate, beta_1=0.5),
        steps_per_execution=100,
        jit_compile=True,
    )
    last.fit(toy(afterwards * 4 * BATCH, seed=[seed, 1]), batch_size=4 * BATCH, verbose=0)
    return last


def run(seeds, steps, afterwards, samples):
    """Dict from ways to records, one of each seed."""
    from keras_gans.metrics import ModeCoverage

    toy, records = toy_of("grid"), {}
    for seed in range(seeds):
        model = trained(seed, steps, afterwards)
        for name, select in ways().items():
            start = time.process_time()
            points = model.generate(samples, seed=seed, select=select, batch_size=2**14)
            seconds = time.process_time() - start
            found = ModeCoverage(toy.modes, toy.std).compare(None, points)
            records.setdefault(name, []).append({**found, "seconds": seconds})
            print(seed, name, records[name][-1], flush=True)
    return records


def table(records):
    lines = ["| | modes | high quality | KL | processor s |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, runs in records.items():
        columns = {key: [run[key] for run in runs] for key in runs[0]}
        shares = spread([100 * share for share in columns["high_quality"]], "{:.1f}")
        lines.append(
            f"| {name} | {spread(columns['modes'], '{:.1f}')} | {shares} % | "
            f"{spread(columns['reverse_kl'], '{:.3f}')} | {np.mean(columns['seconds']):.1f} |"
        )
    return "\n".join(lines) + "\n"


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--afterwards", type=int, default=AFTERWARDS)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    options = parser.parse_args(arguments)
    records = run(options.seeds, options.steps, options.afterwards, options.samples)
    options.output.write_text(HEAD + table(records) + TAIL.format(seeds=options.seeds))


if __name__ == "__main__":
    main()
