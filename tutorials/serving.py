"""
# Serving: from a trained model to an answered request

A generator that is trained is worth what it does elsewhere: behind a web page, in a service of
another team, on a machine that has never heard of Keras. Here a small DCGAN is trained, exported,
published and asked over HTTP.

You will learn

* what `model.export` writes, and how to read it without this package;
* why the same seed gives the same images wherever the export is loaded;
* how TensorFlow Serving wants its folders, and what a warm-up is;
* how to ask for images by REST, with a client that tries again.

It takes about a minute:

    pip install "keras_gans[serving]"
    python tutorials/serving.py

What it writes goes to `runs/tutorials/serving/`.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np

import keras_gans
from keras_gans.callbacks import make_grid
from keras_gans.serving import publish
from keras_gans.serving.client import RestClient

parser = argparse.ArgumentParser(description="From a trained model to an answered request.")
parser.add_argument("--output", type=Path, default=Path("runs/tutorials/serving"))
parser.add_argument("--quick", action="store_true", help="smaller images and networks, few steps")
options = parser.parse_args()

options.output.mkdir(parents=True, exist_ok=True)
for folder in ("exported", "served"):  # Those of an earlier run of this script.
    shutil.rmtree(options.output / folder, ignore_errors=True)
plt.switch_backend("Agg")
keras.utils.set_random_seed(0)

side, width, epochs, num_images = (16, 4, 1, 256) if options.quick else (28, 16, 4, 6000)

"""
## A model

Any model of the package will do. The averaged generator, `ema_decay`, is what is exported.
"""

images, _ = keras_gans.data.fashion_mnist((side, side, 1))
model = keras_gans.presets.dcgan((side, side, 1), width=width, ema_decay=0.99, seed=0)
model.fit(images[:num_images], batch_size=32, epochs=epochs, verbose=2)
metric = keras_gans.metrics.FrechetDistance()
metric.compare(images[-500:], model.generate(500, seed=0))

"""
## An export

`export` writes a SavedModel: a folder, whole or not at all, never over another one. What nobody can
see in weights goes to its model card: what it was trained on, and how good it is by which protocol.
"""

exported = model.export(
    options.output / "exported",
    png=True,
    trained_on="Fashion-MNIST, 28x28, Zalando Research, MIT licence",
    scores={metric.name: metric.protocol()},
)
print((exported / "MODEL_CARD.md").read_text())

"""
## What it offers

`signature.json` says what can be called. Every signature takes any number of images. `latents` go
in as float32, images come out as uint8; with `png=True` there is each signature again with PNGs,
which are what REST carries well.
"""

for name, sides in json.loads((exported / "signature.json").read_text()).items():
    inputs, outputs = (
        ", ".join(
            f"{tensor} {spec['dtype']} {spec['shape']}" for tensor, spec in sides[side].items()
        )
        for side in ("inputs", "outputs")
    )
    print(f"{name}: {inputs} -> {outputs}")

"""
## Without Keras

Another process loads it with TensorFlow alone: it could not import Keras if it wanted to.
`generate` takes a seed and has no state: the same seed gives the same images in every process. To
repeat images of `model.generate`, send the latents.
"""

SCRIPT = """
import sys

sys.modules["keras"] = sys.modules["keras_gans"] = None  # Whoever imports them gets an error.

import numpy as np
import tensorflow as tf

signatures = tf.saved_model.load(sys.argv[1]).signatures
latents = tf.constant(np.load(sys.argv[2]))
drawn = signatures["generate"](num_images=tf.constant(16), seed=tf.constant(7, tf.int64))
np.savez(sys.argv[3], latents=signatures["from_latents"](latents=latents)["images"], **drawn)
"""

latents = model.draw_latents(16, seed=7)
files = [options.output / name for name in ("latents.npy", "images.npz")]
np.save(files[0], latents)
command = [sys.executable, "-c", SCRIPT, *map(str, (exported, *files))]
subprocess.run(command, check=True)
with np.load(files[1]) as arrays:
    elsewhere, drawn = arrays["latents"], arrays["images"]
difference = int(np.abs(elsewhere.astype(int) - model.generate(latents=latents)).max())
print(f"largest difference to the model's own images: {difference} of 255")

"""
## A version for a server

TensorFlow Serving watches a folder of numbered versions and takes the newest. `publish` adds the
next one, written aside and renamed, so that a server never sees half of it. The warm-up holds
requests that the server runs first: nobody waits for the first execution.
"""

version = publish(
    model, options.output / "served" / "clothes", warmup=(1, 8), config=True, png=True
)
for path in sorted((options.output / "served").rglob("*")):
    if path.is_file():
        print(path.relative_to(options.output))

"""
`docs/serving.md` has the command that starts TensorFlow Serving on this folder,

    docker run --rm -p 127.0.0.1:8501:8501 -v "$PWD/served:/models:ro" tensorflow/serving \
        --model_config_file=/models/model.config

and what to write for Kubernetes.


## A request

Before there is a cluster, the explorer answers in the same form: a preview for one person on this
machine, with a page to look around in the generator. Here it is started without a browser.
"""

SERVE = """
import sys
from keras_gans.serving.explorer import load_served, serve

serve(load_served(sys.argv[1]), browser=False)
"""

server = subprocess.Popen(
    [sys.executable, "-u", "-c", SERVE, str(version.parent)], stdout=subprocess.PIPE, text=True
)
try:
    announced = server.stdout.readline()
    print(announced)
    (url,) = [word for word in announced.split() if word.startswith("http")]

    """
    The client builds the bodies, asks again where a server is not ready yet, and turns answers into
    arrays. With another address it is the client of TensorFlow Serving.
    """

    client = RestClient(url, "clothes", timeout=120)
    answered = client.generate(16, seed=7)
    as_png = client.generate(16, seed=7, signature="generate_png")
finally:
    server.terminate()
    server.wait()

"""
By hand it is one line:

    curl -d '{"signature_name": "generate", "inputs": {"num_images": 4, "seed": 7}}' \
        http://127.0.0.1:8501/v1/models/clothes:predict


## The same seed, three ways

Loaded in another process, asked for as numbers and asked for as PNGs.
"""

rows = {"loaded": drawn, "asked for": answered, "asked for as PNGs": as_png}
grid = make_grid(np.concatenate([images[:12] for images in rows.values()]), 12)
figure, axis = plt.subplots(figsize=(9, 2.6), layout="constrained")
axis.imshow(grid, cmap="gray", vmin=0, vmax=255)
axis.set_yticks((np.arange(len(rows)) + 0.5) * len(grid) / len(rows), list(rows))
axis.tick_params(length=0)
axis.set_xticks([])
axis.set_title("Images of seed 7")
figure.savefig(options.output / "answers.png", dpi=110)
plt.close(figure)

"""
## What was claimed

1. The export makes the images of the model, to one grey level, where there is no Keras.
2. A seed gives the same images in another process and over HTTP.

## Where to go from here

* `python -m applications.explore runs/dcgan/model.keras`: the page, with sliders.
* `docs/serving.md`: gRPC, translators, ONNX and LiteRT, Kubernetes.
* `benchmarks/README.md`: which runtime is the fastest.

## References

* Olston et al. 2017, *TensorFlow-Serving: Flexible, High-Performance ML Serving*,
  arXiv:1712.06139.
* Mitchell et al. 2019, *Model Cards for Model Reporting*, arXiv:1810.03993.
"""

assert difference <= 1
assert np.array_equal(answered, drawn) and np.array_equal(as_png, drawn)
