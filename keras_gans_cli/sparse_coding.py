"""Learn what patches of photographs are made of: `keras-gans train sparse-coding --data DIR`.

Trains sparse coding and predictive sparse decomposition on whitened patches of photographs, by
default on those of the embedded Fashion-MNIST images, and writes to `runs/sparse_coding/`: what was
learned (`filters.png`), patches of images that were not trained on as their codes make them
(`reconstructions.png`), `curves.png`, both models (`sparse_coding.keras`, ...), the one with an
encoder also as `model.keras` and as a SavedModel (`saved_model/`), and `scores.json`.
"""

import sys
import time

import numpy as np

from keras_gans_cli.commands import command_of
from keras_gans_cli.curves import Panel, draw_panels, figure_at, lines_of
from keras_gans_cli.options import EMBEDDED, add_count, parse, run_parser
from keras_gans_cli.rows import save_rows
from keras_gans_cli.run import (
    Run,
    UsageError,
    begin,
    run_program,
    settings_of,
    training,
    write_results,
)

PROGRAM = command_of("sparse_coding")
TITLES = {
    "sparse_coding": "sparse coding",
    "predictive_sparse_decomposition": "predictive sparse decomposition",
}
SPARSITY = 1.2  # Of patches whose variance is nearly 1: a tenth of 144 atoms has part in each.
STEPS = 30  # Of FISTA.


def options_of(arguments):
    parser = run_parser(PROGRAM, "Learn dictionaries of patches of photographs.")
    parser.add_argument("--data", default=EMBEDDED, help=f'folder of photographs, or "{EMBEDDED}"')
    add_count(parser, "patches", 40_000, "to train on")
    add_count(parser, "patch_size", 12, "side of a patch, of photographs at half their size")
    add_count(parser, "atoms", 144, "of each dictionary")
    add_count(parser, "epochs", 10, "passes over the patches, of each model")
    add_count(parser, "batch_size", 256, "patches of a step")
    return parse(parser, arguments)


def prepare(options):
    """The models, whitened patches to train on and others, and the folder of the run."""
    from keras_gans.data import PatchDataset, whiten
    from keras_gans.models import PredictiveSparseDecomposition, SparseCoding
    from keras_gans.networks import dictionary, tanh_encoder

    begin(options)
    pairs, side = read_pairs(options.data, options.patch_size)
    if len(pairs) < 2:
        raise UsageError(f"{options.data} holds one photograph; 2 are the least: one to try on.")

    def patches_of(some, n):
        return PatchDataset(some, side).sample(n, options.seed)[0]

    seen = patches_of([pair for i, pair in enumerate(pairs) if i % 10], options.patches)
    held_out = patches_of(pairs[::10], min(5000, options.patches))
    shape, atoms = (options.patch_size**2,), options.atoms
    models = {
        "sparse_coding": SparseCoding(dictionary(shape, atoms), SPARSITY, STEPS, seed=options.seed),
        # Its loss counts the squared error whole, not half.
        "predictive_sparse_decomposition": PredictiveSparseDecomposition(
            tanh_encoder(shape, atoms),
            dictionary(shape, atoms),
            2 * SPARSITY,
            0.5,
            STEPS,
            seed=options.seed,
        ),
    }
    for model in models.values():
        model.compile()
    run = Run(options.output, settings_of(options), options.resume)
    return models, whiten(seen), whiten(held_out, like=seen), run


def read_pairs(data, patch_size):
    """Images with what stands for them at the size of patches, and the side of patches in them."""
    from keras_gans.data import fashion_mnist, super_resolution

    if data == EMBEDDED:
        images, _ = fashion_mnist()
        return [(image, image) for image in images], patch_size
    # Neighbouring pixels of a photograph at its full size are what a camera and JPEG made up.
    side = 2 * patch_size
    return super_resolution(data, scale=2, patch_size=side, channels=1).pairs, side


def train(models, patches, held_out, run):
    """Train each model, and write scores and pictures of patches that none has seen."""
    run.fit_each(models, TITLES, patches, held_out)
    coding, predictive = models.values()
    predicted = predictive.encode(held_out, len(held_out))
    ways = {
        "sparse coding, by FISTA": (coding, coding.encode(held_out, len(held_out))),
        "predictive, by FISTA": (predictive, as_array(predictive.best_codes(held_out, predicted))),
        "predictive, by its encoder": (predictive, predicted),
    }
    scores = {title: scores_of(model, held_out, codes) for title, (model, codes) in ways.items()}
    scores["sparse coding, by FISTA"]["milliseconds"] = milliseconds(coding, held_out)
    scores["predictive, by its encoder"]["milliseconds"] = milliseconds(predictive, held_out)
    run.note(scores=scores)
    write_results(run, predictive)
    for name, model in models.items():
        model.save(run.folder / f"{name}.keras")
    draw(ways, held_out, run)
    print("Of patches of images that were not trained on:")
    for title, of in scores.items():
        took = f", {of['milliseconds']:.1f} ms for 1,000" if "milliseconds" in of else ""
        print(
            f"  {title:27} {of['unexplained']:6.1%} of the variance unexplained, "
            f"{of['active']:6.1%} of the codes not zero{took}"
        )
    print(f"Everything is in {run.folder}.")


def as_array(tensor):
    import keras

    return keras.ops.convert_to_numpy(tensor)


def scores_of(model, patches, codes):
    """How much of the patches their codes leave out, and how many codes there are."""
    made = codes @ as_array(model.atoms())
    return {
        "unexplained": float(np.square(patches - made).sum() / np.square(patches).sum()),
        "active": float((codes != 0).mean()),
    }


def milliseconds(model, patches, n=20_000, times=3):
    """The least time that inference took for 1,000 patches of many, once it is compiled."""
    patches, taken = np.resize(patches, (n, *patches.shape[1:])), []
    for _ in range(times + 1):
        start = time.perf_counter()
        model.encode(patches, n)
        taken.append(time.perf_counter() - start)
    return 1000 * min(taken[1:]) / n * 1000


def draw(ways, held_out, run):
    size = run.settings["patch_size"]
    # From the one of most contrast down.
    some = np.argsort(-np.square(held_out).sum(1))[:: -(-len(held_out) // 12)]
    originals = held_out[some]
    rows = {"whitened patches": tiles(originals, originals, size)}
    for title, (model, codes) in ways.items():
        rows[title] = tiles(codes[some] @ as_array(model.atoms()), originals, size)
    save_rows(rows, run.folder / "reconstructions.png")
    draw_filters([*ways.values()][:2], size, run.folder / "filters.png")
    panels = [
        Panel(
            title.capitalize(),
            "per patch",
            lines_of(run.record[name], "loss", "val_loss", "reconstruction", "sparsity"),
        )
        for name, title in TITLES.items()
    ]
    draw_panels(panels, run.folder / "curves.png")


def tiles(patches, like, size):
    """Flat patches as images whose grey is zero, each as bright as that of `like` is high."""
    highest = np.abs(like).max(1, keepdims=True)
    grey = 127.5 + 127.5 * patches / np.where(highest == 0, 1, highest)
    return grey.round().clip(0, 255).astype("uint8").reshape(-1, size, size, 1)


def draw_filters(learned, size, path):
    """Draw the atoms of each model, those that are used most first."""
    from keras_gans.samples.pictures import make_grid

    with figure_at(path, len(learned), (13, 7.2)) as (figure, axes):
        for axis, title, (model, codes) in zip(axes, TITLES.values(), learned, strict=True):
            atoms = as_array(model.atoms())[np.argsort(-np.abs(codes).mean(0))]
            active = (codes != 0).sum(1).mean()
            grid = make_grid(tiles(atoms, atoms, size), int(np.ceil(len(atoms) ** 0.5)), gap=1)
            axis.imshow(grid[..., 0], cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            axis.set_title(f"{title.capitalize()}: {active:.0f} of {len(atoms)} make a patch")
            axis.axis("off")
        figure.suptitle("What whitened patches are sums of")
        figure.supxlabel(
            f"Each tile is one atom, {size} x {size} pixels: grey adds nothing, white brightens "
            "and black darkens (or the other way round,\nwhere its weight is negative), at full "
            "contrast. Those that are used most come first, row by row. An edge of one place\nand "
            "one direction is what cells of the visual cortex answer to; a tile of noise has "
            "learned nothing yet.",
            fontsize=10,
        )


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
