"""Which score notices what: every score of images under graded corruptions.

    python -m benchmarks.scores --output benchmarks/scores.md \\
        --cifar10 ../shared/data/cifar10.zip/test --emoji ../shared/data/emoji64.zip/emoji64/noto \\
        --photographs ../shared/data/super-resolution/Sun_Hays80

Without folders it draws the figure alone, beside the table: of the embedded images, what each score
says of blur, noise, dropped modes and copies of the real images, in deviations of the score of
untouched images. The table says of the extractors that ship whether their Frechet distance rises
with every grade of a corruption.
"""

import argparse
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from keras_gans.samples.pictures import make_grid
from keras_gans_cli.scores import metrics_of_features

GRADES = 5  # From untouched to hardly recognizable.
GRADES_SHOWN = range(1, GRADES)
SIDE = 32  # Of images whose corruptions have the numbers below; larger ones get larger blurs.


def blurred(images, grade, rng):
    """A Gaussian blur, of a deviation of half a pixel at grade 1, doubled with each one."""
    radius = [0, 0.5, 1, 2, 4][grade] * images.shape[1] / SIDE
    return each(images, lambda image: image.filter(ImageFilter.GaussianBlur(radius)))


def noisy(images, grade, rng):
    """Gaussian noise on each pixel, of a deviation of 8 of 255 at grade 1, doubled each time."""
    noise = rng.normal(0, [0, 8, 16, 32, 64][grade], images.shape)
    return np.clip(images + noise, 0, 255).round().astype("uint8")


def compressed(images, grade, rng):
    """JPEG, of a quality of 80, 40, 15 and 5."""
    if not grade:
        return images

    def compress(image):
        file = io.BytesIO()
        image.save(file, "JPEG", quality=[None, 80, 40, 15, 5][grade])
        return Image.open(file)

    return each(images, compress)


def covered(images, grade, rng):
    """Black squares, one for each grade, in random cells of the image's sixteen."""
    images, side = images.copy(), images.shape[1] // 4
    for image, cells in zip(images, rng.random((len(images), 16)).argsort(axis=1), strict=True):
        for row, column in zip(*np.divmod(cells[:grade], 4), strict=True):
            image[row * side :, column * side :][:side, :side] = 0
    return images


CORRUPTIONS = {"blur": blurred, "noise": noisy, "JPEG": compressed, "squares": covered}
KEPT = (1.0, 0.8, 0.6, 0.4, 0.2)  # The share of the modes that dropping leaves, by grade.
COPIED = (0.0, 0.25, 0.5, 0.75, 1.0)  # The share of images that are copies of real ones.


def each(images, change):
    """What a function of Pillow images makes of each image of an array."""
    squeezed = images[..., 0] if images.shape[-1] == 1 else images
    changed = np.stack([np.asarray(change(Image.fromarray(image))) for image in squeezed])
    return changed.reshape(images.shape)


class Corrupted:
    """Real images, and other ones with graded corruptions.

    Args:
        images: uint8 array `(n, height, width, channels)`.
        modes: Integer array `(n,)`, which kind each image is of.
        seed: Integer.
    """

    def __init__(self, images, modes, seed=0):
        rng = np.random.default_rng(seed)
        order = rng.permutation(len(images))
        # Two fifths are real, two are corrupted, and a fifth is what nobody has copied.
        real, pool = len(images) * 2 // 5, len(images) * 3 // 5
        self.pool, self.modes = images[order[pool:]], modes[order[pool:]]
        self.kinds = rng.permutation(np.unique(modes))
        # As many as there are where only the last modes are left.
        self.number = len(self._of_kinds(GRADES - 1))
        self.real, self.held_out = images[order[:real]], images[order[real:pool]]
        self.seed = seed

    def _of_kinds(self, grade):
        kept = self.kinds[: max(1, round(KEPT[grade] * len(self.kinds)))]
        return np.flatnonzero(np.isin(self.modes, kept))

    def clean(self, draw=0):
        """Untouched images, others with each draw."""
        rng = np.random.default_rng((self.seed, draw))
        return self.pool[rng.permutation(len(self.pool))[: self.number]]

    def corrupted(self, kind, grade):
        """As many images with a corruption of a grade from 0 to 4."""
        rng = np.random.default_rng(self.seed)  # What a grade adds is added to the one before.
        if kind == "dropped modes":
            rows = self._of_kinds(grade)
            return self.pool[rng.permutation(rows)[: self.number]]
        images = self.clean().copy()
        if kind == "copies":
            count = round(COPIED[grade] * len(images))
            images[:count] = self.real[rng.permutation(len(self.real))[:count]]
            return images
        return CORRUPTIONS[kind](images, grade, rng)


class Scores:
    """Every score against the real images of a `Corrupted`, by the features of one extractor.

    Args:
        data: `Corrupted`.
        extractor: As in `keras_gans.metrics.get_extractor`.
    """

    def __init__(self, data, extractor):
        from keras_gans.metrics import Memorization, SampleSimilarity, SlicedWassersteinDistance

        real, number = data.real, data.number
        memorization = Memorization(extractor)
        memorization.set_held_out(data.held_out)
        self.metrics = [*metrics_of_features(extractor), memorization]
        self.features = self.metrics[0].features(real)
        self.real = real[:number]
        shape = real.shape[1:]
        self.swd = SlicedWassersteinDistance(shape, patches_per_image=32, projections=128)
        self.similarity = SampleSimilarity()
        # From a larger or a smaller value to "worse".
        self.worse = {self.swd.name: 1, self.similarity.name: 1}
        for metric in self.metrics:
            names = [name for name in metric.names if not name.endswith("_std")]
            self.worse |= dict.fromkeys(names, 1 if metric.mode == "min" else -1)
        self.worse[f"{memorization.name}_copies"] = 1  # A share that should be small.

    def of(self, fake):
        """Dict from the names of the scores to floats."""
        values = {}
        features = self.metrics[0].features(fake)
        for metric in self.metrics:
            value = metric.compare(self.features, features)
            values |= value if metric.values else {metric.name: value}
        values[self.swd.name] = self.swd.compare(self.real, fake)[self.swd.name]
        values[self.similarity.name] = self.similarity.compare(None, fake)
        return values


DRAWS = 10
FIGURE = ("blur", "noise", "dropped modes", "copies")


def noticed(data, extractor):
    """How far each score moves to the worse, in deviations of that of untouched images.

    Args:
        data: `Corrupted`.
        extractor: As in `keras_gans.metrics.get_extractor`.

    Returns:
        Dict from the names of scores to dicts from corruptions to lists of floats by grade, from
        grade 1 on.
    """
    scores = Scores(data, extractor)
    clean = [scores.of(data.clean(draw)) for draw in range(1, DRAWS + 1)]
    moved = {name: {} for name in scores.worse}
    for kind in FIGURE:
        values = [scores.of(data.corrupted(kind, grade)) for grade in GRADES_SHOWN]
        for name, worse in scores.worse.items():
            untouched = [one[name] for one in clean]
            middle, deviation = np.mean(untouched), np.std(untouched, ddof=1) or np.nan
            moved[name][kind] = [worse * (one[name] - middle) / deviation for one in values]
    return moved


def draw(moved, path, data, extractor):
    """The figure: scores by corruptions, red where images are said to be worse."""
    import matplotlib.pyplot as plt
    from matplotlib import colors

    plt.switch_backend("Agg")
    table = np.array([np.concatenate([kinds[k] for k in FIGURE]) for kinds in moved.values()])
    columns = table.shape[1]
    heights = 0.8, 0.42 * len(table)
    figure, axes = plt.subplots(
        2, 1, figsize=(14, sum(heights) + 1.2), height_ratios=heights, layout="constrained"
    )
    examples = [
        make_grid(data.corrupted(kind, grade)[-4:], 2) for kind in FIGURE for grade in GRADES_SHOWN
    ]
    examples = np.concatenate(examples, axis=1).squeeze()
    axes[0].imshow(examples, cmap="gray", aspect="auto", vmin=0, vmax=255)
    axes[0].axis("off")
    axes[0].set_title(
        "What each score says of corrupted images, in deviations from untouched ones\n"
        "red: worse, blue: better, pale: not noticed"
    )
    norm = colors.SymLogNorm(3, vmin=-300, vmax=300)
    axes[1].imshow(table, cmap="RdBu_r", norm=norm, aspect="auto")
    for (row, column), value in np.ndenumerate(table):
        if np.isnan(value):  # A score that untouched images do not move.
            continue
        text = f"{value:.0f}" if abs(value) < 1000 else f"{value:.0e}".replace("e+0", "e")
        colour = "white" if abs(value) > 60 else "black"
        axes[1].text(column, row, text, ha="center", va="center", color=colour, fontsize=8)
    for edge in range(GRADES - 1, columns, GRADES - 1):
        axes[1].axvline(edge - 0.5, color="black")
    axes[1].set_yticks(range(len(moved)), [told(name, extractor) for name in moved])
    axes[1].set_xticks(range(columns), [f"{g}" for _ in FIGURE for g in GRADES_SHOWN])
    middles = [i * (GRADES - 1) + (GRADES - 2) / 2 for i in range(len(FIGURE))]
    top = axes[1].secondary_xaxis(-0.06)
    top.set_xticks(middles, FIGURE)
    top.tick_params(length=0)
    top.spines["bottom"].set_visible(False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def told(name, extractor):
    """The name of a score as a label."""
    kind = name.replace(f"_{extractor}", "")
    for both in ("precision_recall_", "density_coverage_"):
        kind = kind.removeprefix(both)
    return kind.replace("_", " ")


EMBEDDED = "Fashion-MNIST"
MARK = "<!-- measured -->"
TABLE = (*CORRUPTIONS, "dropped modes")


def orders(data, extractor):
    """The Frechet distances of each grade, and what they are without any corruption.

    Returns:
        Dict from corruptions to lists of floats by grade, from grade 1 on; and the mean and the
        deviation of the distances of `DRAWS` untouched sets.
    """
    from keras_gans.metrics import FrechetDistance

    metric = FrechetDistance(extractor)
    metric.set_reference(data.real)
    clean = [metric.compare(None, data.clean(draw)) for draw in range(1, DRAWS + 1)]
    found = {
        kind: [metric.compare(None, data.corrupted(kind, grade)) for grade in GRADES_SHOWN]
        for kind in TABLE
    }
    return found, np.mean(clean), np.std(clean, ddof=1)


def rises(values, untouched, deviation):
    """ "yes" where each grade's value exceeds that before by 2 deviations; else which do not."""
    before = [untouched, *values[:-1]]
    level = [
        str(grade)
        for grade, (low, high) in enumerate(zip(before, values, strict=True), 1)
        if high <= low + 2 * deviation
    ]
    return f"not at {', '.join(level)}" if level else "yes"


def sources(options):
    """Dict from names to functions that give images and their modes."""
    from keras_gans import data

    def embedded():
        images, labels = data.fashion_mnist()
        return images, labels.astype("int32")

    def cifar10():
        images, labels, _ = data.read_folder(options.cifar10, (32, 32, 3), labels="folders")
        return images, labels

    def emoji():
        images = data.read_folder(options.emoji, (64, 64, 3))
        return images, data.clusters(images, 16)

    def photographs():
        return patches_of(options.photographs)

    found = {EMBEDDED: embedded}
    for name, read in {"CIFAR-10": cifar10, "emoji": emoji, "Sun_Hays80": photographs}.items():
        if getattr(options, read.__name__):
            found[name] = read
    return found


def patches_of(folder, side=64, per_photograph=160):
    """Patches at random places of photographs, whose modes are the photographs."""
    from keras_gans.data.folders import image_files, read_image

    rng = np.random.default_rng(0)
    patches, modes = [], []
    for mode, path in enumerate(image_files(folder).values()):
        photograph = np.asarray(read_image(path).convert("RGB"))
        for _ in range(per_photograph):
            top, left = (rng.integers(0, length - side + 1) for length in photograph.shape[:2])
            patches.append(photograph[top : top + side, left : left + side])
            modes.append(mode)
    return np.stack(patches), np.array(modes)


def table_of(name, data, extractors):
    """Markdown of what `orders` found by each of some extractors."""
    lines = [
        f"### {name}",
        "",
        f"{len(data.real):,} real images against {data.number:,} others.",
        "",
        "| features | corruption | "
        + " | ".join(f"grade {g}" for g in GRADES_SHOWN)
        + " | rises |",
        "|---|---|" + "---:|" * len(GRADES_SHOWN) + "---|",
    ]
    for extractor in extractors:
        found, untouched, deviation = orders(data, extractor)
        lines.append(f"| `{extractor}` | none: {untouched:.3g} +- {deviation:.2g} " + "|" * 6)
        for kind, values in found.items():
            numbers = " | ".join(f"{x:.3g} ({(x - untouched) / deviation:.0f})" for x in values)
            lines.append(f"| | {kind} | {numbers} | {rises(values, untouched, deviation)} |")
    return "\n".join([*lines, ""])


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scores", description=__doc__)
    parser.add_argument("--output", type=Path, required=True, help="the table; .png beside it")
    for name in ("cifar10", "emoji", "photographs"):
        parser.add_argument(f"--{name}", help="folder of its images, or in a zip archive")
    options = parser.parse_args(arguments)
    parts = []
    for name, read in sources(options).items():
        data = Corrupted(*read())
        if name == EMBEDDED:
            path = options.output.with_suffix(".png")
            draw(noticed(data, "fashion_mnist"), path, data, "fashion_mnist")
        parts.append(table_of(name, data, ("fashion_mnist", "cifar10")))
        print(parts[-1], flush=True)
    # What somebody wrote about it stays above.
    above = options.output.read_text().partition(MARK)[0] if options.output.exists() else ""
    options.output.write_text(f"{above}{MARK}\n\n" + "\n".join(parts))


if __name__ == "__main__":
    main()
