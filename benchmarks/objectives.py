"""Every objective and remedy on a ring of 8 and a grid of 25 Gaussians, under equal conditions.

    python -m benchmarks.objectives --output benchmarks/objectives.md

Each run (a row of the table, a toy, a seed) is a file in `--run`: what is there already is not
trained again, so that a command which was ended goes on: seed by seed, the most telling rows first.
`--minutes` ends it after a run; the table says how many seeds each row has. The pictures lie beside
the table.
"""

import argparse
import json
import textwrap
import time
from pathlib import Path

import numpy as np

TOYS = ("ring", "grid")
STEPS = 6_000
BATCH = 100
SAMPLES = 2_500
WIDTH = 128
RATE = 1e-3
XLA = True
# Of R1 and R2, in variances of a mode: the square of a gradient is that of an inverse length.
ZERO_CENTRED = 200

# The best row, by toy: what other rates and penalties are multiplied with, batch and networks.
BEST = {
    "ring": {"steps": 20_000, "rate": 4, "last": 0.4, "batch": 1, "depth": 5, "judge": "relu"},
    "grid": {"steps": 12_000, "rate": 3, "last": 0.2, "batch": 2, "depth": 5, "judge": "silu"},
}
# Rows of the table: a title, and the papers' numbers for ring and grid: modes / share / KL.
PACGAN, VEEGAN = "PacGAN", "VEEGAN"
ROWS = {
    "best": ("**relativistic, R1 and R2 that fall, average, rates to zero**", {}),
    "non_saturating": (
        "non-saturating",
        {
            PACGAN: ("6.3 / 98 % / 0.45", "17.3 / 95 % / 0.70"),
            VEEGAN: ("1 / 99 %", "3.3 / 1 %"),
        },
    ),
    "relativistic_r1_r2": ("relativistic, R1 and R2", {}),
    "smooth": ("relativistic, R1 and R2, a discriminator of SiLU", {}),
    "non_saturating_r1_r2": ("non-saturating, R1 and R2", {}),
    "wgan_gp": ("Wasserstein, gradient penalty", {}),
    "pack_2": (
        "non-saturating, packs of 2",
        {PACGAN: ("7.9 / 96 % / 0.07", "23.8 / 91 % / 0.13")},
    ),
    "relativistic": ("relativistic", {}),
    "non_saturating_r1": ("non-saturating, R1", {}),
    "relativistic_r1": ("relativistic, R1", {}),
    "average": ("non-saturating, average", {}),
    "decay": ("non-saturating, rates to zero", {}),
    "pack_4": (
        "non-saturating, packs of 4",
        {PACGAN: ("7.8 / 96 % / 0.07", "24.8 / 94 % / 0.04")},
    ),
    "dragan": ("non-saturating, DRAGAN", {}),
    "unrolled": ("saddle point, 5 steps unrolled", {VEEGAN: ("7.6 / 36 %", "23.6 / 16 %")}),
    "veegan": ("VEEGAN", {VEEGAN: ("8 / 53 %", "24.6 / 40 %")}),
    "began": ("BEGAN", {}),
    "hinge": ("hinge", {}),
    "least_squares": ("least squares", {}),
    "minimax": ("minimax", {}),
    "spectral_norm": ("hinge, spectral normalization", {}),
    "minibatch": ("non-saturating, minibatch discrimination", {}),
    "instance_noise": ("non-saturating, instance noise 0.5 to 0", {}),
    "pack_3": (
        "non-saturating, packs of 3",
        {PACGAN: ("7.8 / 98 % / 0.10", "24.6 / 94 % / 0.06")},
    ),
    "relativistic_average": ("relativistic to the mean (RaSGAN)", {}),
    "one_sided": ("Wasserstein, one-sided penalty", {}),
    "wgan": ("Wasserstein, clipping", {}),
    "kl": ("f-GAN: KL", {}),
    "reverse_kl": ("f-GAN: reverse KL", {}),
    "pearson": ("f-GAN: Pearson", {}),
    "squared_hellinger": ("f-GAN: squared Hellinger", {}),
    "jensen_shannon": ("f-GAN: Jensen-Shannon", {}),
    "feature_matching": ("feature matching", {}),
    "label_smoothing": ("non-saturating, labels 0.9", {}),
    "label_flipping": ("non-saturating, 5 % of labels flipped", {}),
    "historical": ("non-saturating, historical averaging", {}),
    "consistency": ("non-saturating, consistency", {}),
}


BEST_TEXT = f"""The best row is tuned by
the toy: beta_1 0, beta_2 0.99, an averaged generator (0.99), rates that fall to zero by a cosine,
a generator of five hidden layers, and penalties that fall from {2 * ZERO_CENTRED} variances. On the
ring from a rate of 0.004, and penalties to 80 variances; on the grid from 0.003, and to 40, with
batches of {2 * BATCH}, and SiLU in place of ReLU in the discriminator."""
HEADINGS = {
    "ring": "## A ring of 8: radius 1, deviation 0.01\n",
    "grid": "## A grid of 25: {-4, -2, 0, 2, 4}, deviation 0.05\n",
}
ALT = "Density of 2,500 points of each row's first seed"
CAPTION = f"{SAMPLES:,} points of the toy and of the first seed of each row that has one so far"
HEAD = f"""# Objectives and remedies on toys whose modes can be counted

`python -m benchmarks.objectives --output benchmarks/objectives.md`; a command that was ended goes
on where it was. Data, latents and counts are PacGAN's (arXiv:1712.04086, section 4.1): batches of
{BATCH} (of as many packs where points are packed), z from N(0, 1) in two dimensions, {SAMPLES:,}
generated points. A point is of high quality within three deviations of its nearest mode, a mode is
found by one such point, and KL is that of the points' shares of modes to even ones. Of the toys
themselves 98.9 % are of high quality and the KL is 0.001 and 0.005.

Networks, rates and steps are not PacGAN's: 400,000 steps of its maxout networks take a core an hour
and a half for one run. Here all rows have WGAN-GP's toy networks at a quarter of their width (three
hidden layers of {WIDTH}, ReLU, no normalization), Adam at {RATE} with beta_1 0.5 where a row says
nothing else, and {STEPS:,} steps: ten times PacGAN's rate for a fiftieth of its steps. VEEGAN's
encoder and discriminator are those of its preset; BEGAN's autoencoder has {WIDTH}, 1 and {WIDTH}
hidden units. Relativistic is the loss of RSGAN, which R3GAN calls RpGAN; an average is one of the
generator's weights. Critics make five steps for one of the generator; Wasserstein penalties weigh
0.1, as WGAN-GP's for toys; clipping is at 0.1, with WGAN's RMSprop at {RATE / 2}. R1 and R2 weigh
{ZERO_CENTRED} variances of a mode: {ZERO_CENTRED * 0.01**2:g} on the
ring and {ZERO_CENTRED * 0.05**2:g} on the grid. {BEST_TEXT} Steps per
second are those of a second of the processor, one thread, compiled by XLA, on a machine that did
other work as well, 2026-11-27.

"""
TAIL = """Mean and deviation of as many seeds as the row says. Published: modes, high quality and
KL in the tables of PacGAN and VEEGAN, whose protocols have more steps and other networks; their two
plain GANs differ from each other as much as from any of these rows.
"""


def build(row, toy, seed, steps):
    """A compiled model of a row for a toy, and how many points a step takes."""
    import keras

    from keras_gans import layers, losses, networks, schedules
    from keras_gans.layers import MinibatchDiscrimination, Pack, SpectralNormalization
    from keras_gans.losses import Penalty
    from keras_gans.models import BEGAN, GAN, VEEGAN, WGAN, UnrolledGAN

    def adam(rate=RATE, beta_1=0.5, beta_2=0.999, decay=False):
        rate = keras.optimizers.schedules.CosineDecay(rate, steps) if decay else rate
        return keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2)

    def compiled(model, optimizer=adam):
        model.compile(optimizer(), optimizer(), steps_per_execution=100, jit_compile=XLA)
        return model

    def gan(discriminator=None, optimizer=adam, generator=None, **options):
        generator = generator or networks.wgan_gp_toy_generator(width=WIDTH)
        discriminator = discriminator or networks.wgan_gp_toy_discriminator(width=WIDTH)
        return compiled(GAN(generator, discriminator, 2, seed=seed, **options), optimizer)

    def plain(layer):
        return layer

    def judge(first=None, last=None, dense=plain, features=False, activation="relu"):
        """The discriminator of all rows, with something else at one place."""
        points = x = keras.Input((2,), name="points")
        x = first(x) if first else x
        for _ in range(3):
            x = dense(keras.layers.Dense(WIDTH, activation, kernel_initializer="he_uniform"))(x)
        x, seen = (last(x) if last else x), x
        scores = dense(keras.layers.Dense(1))(x)
        return keras.Model(points, {"scores": scores, "features": seen} if features else scores)

    def deep():
        """The generator of all rows, of another depth."""
        latents = x = keras.Input((2,), name="latents")
        for _ in range(best["depth"]):
            x = keras.layers.Dense(WIDTH, "relu", kernel_initializer="he_uniform")(x)
        return keras.Model(latents, keras.layers.Dense(2)(x))

    def autoencoder():
        """BEGAN's discriminator: of two numbers all would be kept, so that its code is of one."""
        points = x = keras.Input((2,), name="points")
        for units in (WIDTH, 1, WIDTH):
            x = keras.layers.Dense(units, None if units == 1 else "relu")(x)
        return keras.Model(points, keras.layers.Dense(2)(x))

    weight, best = ZERO_CENTRED * toy_of(toy).std ** 2, BEST[toy]
    both = [Penalty(name, weight) for name in ("r1", "r2")]
    falling = schedules.Cosine(2.0 * weight, best["last"] * weight, steps=steps)
    critic = {"loss": "wasserstein", "penalty_weight": 0.1, "discriminator_steps": 5}

    makers = {
        "best": lambda: gan(
            judge(activation=best["judge"]),
            loss="relativistic",
            penalty=[Penalty(name, falling) for name in ("r1", "r2")],
            ema_decay=0.99,
            generator=deep(),
            optimizer=lambda: adam(best["rate"] * RATE, beta_1=0.0, beta_2=0.99, decay=True),
        ),
        "relativistic_r1_r2": lambda: gan(loss="relativistic", penalty=both),
        "smooth": lambda: gan(judge(activation="silu"), loss="relativistic", penalty=both),
        "non_saturating_r1_r2": lambda: gan(penalty=both),
        "non_saturating_r1": lambda: gan(penalty=both[:1]),
        "relativistic_r1": lambda: gan(loss="relativistic", penalty=both[:1]),
        "wgan_gp": lambda: gan(penalty="gradient_penalty", **critic),
        "one_sided": lambda: gan(penalty="one_sided_gradient_penalty", **critic),
        "wgan": lambda: compiled(
            WGAN(
                networks.wgan_gp_toy_generator(width=WIDTH),
                networks.wgan_gp_toy_discriminator(width=WIDTH),
                2,
                clip=0.1,
                seed=seed,
            ),
            lambda: keras.optimizers.RMSprop(RATE / 2, rho=0.99, epsilon=1e-16),
        ),
        "dragan": lambda: gan(penalty="dragan", penalty_weight=1.0),
        "average": lambda: gan(ema_decay=0.99),
        "decay": lambda: gan(optimizer=lambda: adam(decay=True)),
        "unrolled": lambda: compiled(
            UnrolledGAN(
                networks.wgan_gp_toy_generator(width=WIDTH),
                networks.wgan_gp_toy_discriminator(width=WIDTH),
                2,
                seed=seed,
            )
        ),
        "veegan": lambda: compiled(
            VEEGAN(
                networks.veegan_toy_encoder(2, WIDTH),
                networks.wgan_gp_toy_generator(width=WIDTH),
                networks.veegan_toy_discriminator(2, WIDTH),
                2,
                seed=seed,
            )
        ),
        "began": lambda: compiled(
            BEGAN(networks.wgan_gp_toy_generator(width=WIDTH), autoencoder(), 2, seed=seed)
        ),
        "spectral_norm": lambda: gan(judge(dense=SpectralNormalization), loss="hinge"),
        "minibatch": lambda: gan(judge(last=MinibatchDiscrimination(20))),
        "instance_noise": lambda: gan(
            augment=layers.InstanceNoise(schedules.Linear(0.5, 0.0, steps=steps))
        ),
        "feature_matching": lambda: gan(judge(features=True), loss="feature_matching"),
        "label_smoothing": lambda: gan(loss=losses.get("non_saturating", label_smoothing=0.1)),
        "label_flipping": lambda: gan(label_flipping=0.05),
        "historical": lambda: gan(historical_averaging=0.01),
        "consistency": lambda: gan(
            penalty=losses.Consistency(keras.layers.GaussianNoise(0.05)), penalty_weight=10.0
        ),
        **{f"pack_{m}": lambda m=m: gan(judge(first=Pack(m))) for m in (2, 3, 4)},
    }
    model = makers[row]() if row in makers else gan(loss=row)
    times = best["batch"] if row == "best" else int(row[-1]) if row.startswith("pack") else 1
    return model, BATCH * times * getattr(model, "discriminator_steps", 1)


def toy_of(name):
    from keras_gans import data

    return {"ring": data.pacgan_ring, "grid": data.pacgan_grid}[name]


def train(row, toy, seed, steps):
    """One run: a dict of what it came to, and 2,500 points."""
    import keras

    from keras_gans.metrics import ModeCoverage

    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    mixture = toy_of(toy)
    model, batch = build(row, toy, seed, steps)
    part = max(steps // 4, 100)
    # The first call traces and compiles; the time is that of the others.
    model.fit(mixture(100 * batch, seed=[seed, 0]), batch_size=batch, verbose=0)
    seconds, done = 0.0, 100
    while done < steps:
        number = min(part, steps - done)
        points = mixture(number * batch, seed=[seed, done])
        start = time.process_time()
        model.fit(points, batch_size=batch, verbose=0)
        seconds, done = seconds + time.process_time() - start, done + number
    points = model.generate(SAMPLES, seed=seed, batch_size=SAMPLES)
    found = ModeCoverage(mixture.modes, mixture.std).compare(None, points)
    record = {
        **{name: value if np.isfinite(value) else None for name, value in found.items()},
        "diverged": not bool(np.isfinite(points).all()),
        "steps": steps,
        "milliseconds": 1000 * seconds / max(steps - 100, 1),
    }
    return record, points


def order(rows, seeds):
    """The runs: the first seed of all rows, then the second."""
    return [(row, toy, seed) for seed in range(seeds) for row in rows for toy in TOYS]


def steps_of(row, toy, steps):
    """What is asked for; by default more of the best row."""
    return steps or (BEST[toy]["steps"] if row == "best" else STEPS)


def run_all(folder, rows, seeds, steps, minutes):
    """Train what is not in the folder yet, until the time is over."""
    folder.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + 60 * minutes
    for row, toy, seed in order(rows, seeds):
        path = folder / f"{row}_{toy}_{seed}.json"
        if path.exists():
            continue
        if time.monotonic() > end:
            return
        record, points = train(row, toy, seed, steps_of(row, toy, steps))
        np.save(path.with_suffix(".npy"), points.astype("float16"))
        path.write_text(json.dumps(record))
        print(path.stem, record, flush=True)


def records_of(folder, row, toy):
    return [json.loads(path.read_text()) for path in sorted(folder.glob(f"{row}_{toy}_?.json"))]


def spread(values, form):
    """The mean of several runs, and their deviation."""
    values = [value for value in values if value is not None]
    if not values:
        return ""
    mean = form.format(np.mean(values))
    return mean if len(values) < 2 else f"{mean} ± {form.format(np.std(values))}"


def table(folder, toy):
    number = TOYS.index(toy)
    lines = [
        "| | seeds | steps | modes | high quality | KL | diverged | steps/s | published |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for row, (title, published) in ROWS.items():
        records = records_of(folder, row, toy)
        if not records:
            continue
        columns = {name: [record[name] for record in records] for name in records[0]}
        beside = "; ".join(f"{paper}: {numbers[number]}" for paper, numbers in published.items())
        cells = [
            title,
            len(records),
            f"{columns['steps'][0]:,}",
            spread(columns["modes"], "{:.1f}"),
            spread([100 * x for x in columns["high_quality"]], "{:.1f}") + " %",
            spread(columns["reverse_kl"], "{:.3f}"),
            sum(columns["diverged"]),
            f"{1000 / np.mean(columns['milliseconds']):.0f}",
            beside,
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def picture(folder, toy, path):
    """The density of 2,500 points of seed 0, a panel for each row."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from matplotlib.colors import FuncNorm

    mixture = toy_of(toy)
    reach = 1.35 * float(np.abs(mixture.modes).max())
    clouds = [("the toy itself", mixture(SAMPLES))]
    for row, (title, _) in ROWS.items():
        if (cloud := folder / f"{row}_{toy}_0.npy").exists():
            clouds.append((title.strip("*"), np.load(cloud).astype("float32")))
    columns = min((5, 6, 7), key=lambda n: -len(clouds) % n)  # The fewest empty cells.
    rows = -(-len(clouds) // columns)
    size = (1.9 * columns + 0.8, 2.3 * rows + 0.4)
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained")
    for axis in axes.flat:
        axis.axis("off")
    for axis, (title, points) in zip(axes.flat, clouds, strict=False):
        points = points[np.isfinite(points).all(axis=1)]
        edges = np.linspace(-reach, reach, 121)
        density, _, _ = np.histogram2d(*points.T, bins=[edges, edges])
        norm = FuncNorm((np.log1p, np.expm1), vmin=0, vmax=20)
        image = axis.imshow(density.T, norm=norm, cmap="magma", origin="lower")
        axis.set_title(textwrap.fill(title, 28), fontsize=8)
    ticks = {"ticks": [0, 1, 2, 5, 10, 20], "format": "%d"}
    bar = figure.colorbar(image, ax=axes, extend="max", aspect=30, fraction=0.02, **ticks)
    bar.set_label(f"points in a square of side {edges[1] - edges[0]:.2g}", fontsize=8)
    figure.suptitle(CAPTION, fontsize=10)
    figure.savefig(path, dpi=90)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_objectives"))
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=[*ROWS])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--steps", type=int, help="of every row, in place of the usual ones")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="of new runs")
    options = parser.parse_args()
    run_all(options.run, options.rows, options.seeds, options.steps, options.minutes)
    sections = []
    for toy in TOYS:
        path = options.output.with_name(f"{options.output.stem}_{toy}.png")
        picture(options.run, toy, path)
        sections += [HEADINGS[toy], *table(options.run, toy), "", f"![{ALT}]({path.name})", ""]
    options.output.write_text(HEAD + "\n".join(sections) + "\n" + TAIL)
    print(options.output.read_text())


if __name__ == "__main__":
    main()
