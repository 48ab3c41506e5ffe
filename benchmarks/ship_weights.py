"""Make the trained models of `keras_gans.presets.load`, with their cards.

    python -m benchmarks.ship_weights

Trains by the programs on the embedded images (about seven minutes on two cores; a run that is in
`--run` already is not made again). What ships has the averaged generator in place of both, no
optimizer, and weights that are rounded to float16: its score is measured after that.
"""

import argparse
import io
import json
import tempfile
import zipfile
from pathlib import Path

from benchmarks.timed_run import run_timed
from keras_gans_cli.run import one_line

FOLDER = Path(__file__).parents[1] / "keras_gans" / "presets" / "weights"
LICENSE = "Trained on 10,000 images of Fashion-MNIST (Zalando SE, MIT license)."
MODELS = {
    "dcgan_fashion_mnist": ["applications.dcgan"],
    "conditional_dcgan_fashion_mnist": ["applications.dcgan", "--labels"],
    "variational_autoencoder_fashion_mnist": ["applications.autoencoders"],
}
NETWORKS = ("generator", "discriminator", "encoder")


def slim(path):
    """The model in a file, its averaged generator in place of both, not compiled."""
    import keras

    import keras_gans  # noqa: F401  Its classes are loaded.

    trained = keras.saving.load_model(path, compile=False)
    # In float32: not every processor is fast in what the run was trained in.
    text = json.dumps(keras.saving.serialize_keras_object(trained))
    described = json.loads(text.replace("mixed_bfloat16", "float32"))
    described["config"]["ema_decay"] = None
    model = keras.saving.deserialize_keras_object(described)
    for name in NETWORKS:
        if hasattr(model, name):
            of = trained.inference_generator if name == "generator" else getattr(trained, name)
            getattr(model, name).set_weights(of.get_weights())
    return model


def save_halved(model, path):
    """Save a model with its float weights as float16; `keras.saving.load_model` reads them."""
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.keras"
        model.save(whole)
        with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as smaller:
            for name in archive.namelist():
                content = archive.read(name)
                content = halved(content) if name.endswith(".h5") else content
                smaller.writestr(name, content, zipfile.ZIP_DEFLATED)


def halved(content):
    """The bytes of an HDF5 file, its float32 arrays as float16."""
    import h5py

    written = io.BytesIO()
    with h5py.File(io.BytesIO(content)) as before, h5py.File(written, "w") as after:

        def copy(name, item):
            if isinstance(item, h5py.Group):
                made = after.require_group(name)
            else:
                array = item[()]
                array = array.astype("float16") if array.dtype == "float32" else array
                made = after.create_dataset(name, data=array)
            made.attrs.update(item.attrs)

        after.attrs.update(before.attrs)
        before.visititems(copy)
    return written.getvalue()


def score_of(model, seed=0):
    """`Result` of 10,000 samples, or of as many reconstructions, against the embedded images."""
    from keras_gans import data, metrics

    images, labels = data.fashion_mnist(model.image_shape)
    if hasattr(model, "encoder"):
        made = model.reconstruct(images)
    else:
        conditions = {"labels": labels.astype("int32")} if model.generator_conditions else {}
        made = model.generate(len(images), seed=seed, batch_size=500, **conditions)
    return metrics.FrechetDistance().measure(images, made, split="train", seed=seed)


def card_of(model, name, program, result, run):
    settings = json.loads((run / "settings.json").read_text())
    of = "Reconstructions" if hasattr(model, "encoder") else "Samples"
    first, *_ = type(model).__doc__.strip().split("\n")
    return f"""# {name}

{first}

* Class `{type(model).__name__}`, images {model.image_shape}, {model.count_params():,} parameters;
  weights in float16, the generator an average over training where there was one.
* {LICENSE}
* `{" ".join(["python -m", *program])}`: {settings["epochs"]} epochs of batches of
  {settings["batch_size"]}, seed {settings["seed"]}.
* {of} against the images of training: `{one_line(repr(result))}`
* What it is for: first pictures, examples, tests. It knows ten kinds of clothes, small and grey.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", type=Path, default=Path("runs/shipped"), help="folder of the runs")
    parser.add_argument("--overwrite", action="store_true", help="replace what ships today")
    options = parser.parse_args()
    if not options.overwrite and any(FOLDER.glob("*.keras")):
        parser.error(f"{FOLDER} has models; pass --overwrite to replace them.")
    FOLDER.mkdir(exist_ok=True)
    for name, program in MODELS.items():
        run = options.run / name
        run_timed(program, run)

        import keras

        path = FOLDER / f"{name}.keras"
        save_halved(slim(run / "model.keras"), path)
        model = keras.saving.load_model(path, compile=False)
        result = score_of(model)
        (FOLDER / f"{name}.md").write_text(card_of(model, name, program, result, run))
        print(f"{name}: {path.stat().st_size / 1e6:.2f} MB, {one_line(repr(result))}")


if __name__ == "__main__":
    main()
