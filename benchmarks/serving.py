"""How fast an exported generator answers, in process.

    python -m benchmarks.serving [--rounds 3] [--calls 60]

The generator of a DCGAN of 64x64 pixels, called with batches of 1, 8 and 64 latents: by
`model.predict`, as the SavedModel, and as the same export by ONNX Runtime, OpenVINO and LiteRT.
Each runs in a process of its own, in turns, with as many threads as there are cores, and shows
first that its images are those of the model. Prints a Markdown table of medians over the rounds;
ratios are of neighbours in time.
"""

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

BATCHES = (1, 8, 64)
LATENT_DIM = 100
THREADS = len(os.sched_getaffinity(0))


def draw(number):
    return np.random.default_rng(number).standard_normal((number, LATENT_DIM)).astype("float32")


def as_pixels(floats):
    return np.round(np.clip((floats + 1.0) * 127.5, 0, 255)).astype("uint8")


# Each returns a function from latents to uint8 images.


def by_predict(folder):
    import keras

    import keras_gans

    model = keras.saving.load_model(folder / "model.keras")
    return lambda latents: keras_gans.data.to_uint8(
        model.predict(latents, batch_size=len(latents), verbose=0)
    )


def by_saved_model(folder):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(folder / "saved_model"))
    call = loaded.signatures["serving_default"]
    return lambda latents: call(latents=tf.constant(latents))["images"].numpy()


def by_onnx_runtime(folder):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(folder / "onnx" / "from_latents.onnx", options)
    return lambda latents: as_pixels(session.run(None, {"latents": latents})[0])


def by_openvino(folder, precision="f32"):
    import openvino

    core = openvino.Core()
    hints = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": THREADS}
    network = core.compile_model(
        core.read_model(folder / "onnx" / "from_latents.onnx"), "CPU", hints
    )
    return lambda latents: as_pixels(network(latents)[0])


def by_openvino_bfloat16(folder):
    return by_openvino(folder, "bf16")


def by_litert(folder):
    from ai_edge_litert.interpreter import Interpreter

    path = str(folder / "litert" / "from_latents.tflite")

    @functools.cache
    def runner(batch):
        interpreter = Interpreter(path, num_threads=THREADS)
        (latents,) = interpreter.get_input_details()
        interpreter.resize_tensor_input(latents["index"], (batch, LATENT_DIM))
        return interpreter.get_signature_runner()

    return lambda latents: as_pixels(runner(len(latents))(latents=latents)["images"])


CONTENDERS = {
    "predict": ("`model.predict`", by_predict),
    "saved_model": ("the SavedModel, TensorFlow", by_saved_model),
    "onnx_runtime": ("ONNX Runtime", by_onnx_runtime),
    "openvino": ("OpenVINO, float32", by_openvino),
    "openvino_bfloat16": ("OpenVINO, bfloat16", by_openvino_bfloat16),
    "litert": ("LiteRT", by_litert),
}


def measure(call, folder, calls):
    """Seconds of each call for each batch size, and how far the images are from the model's."""
    latents = draw(8)
    expected = np.load(folder / "images.npy").astype(int)
    difference = int(np.abs(call(latents) - expected).max())
    seconds = {}
    for batch in BATCHES:
        latents = draw(batch)
        for _ in range(5):
            call(latents)
        seconds[batch] = []
        for _ in range(calls):
            start = time.perf_counter()
            call(latents)
            seconds[batch].append(time.perf_counter() - start)
    return {"difference": difference, "seconds": seconds}


def export(folder):
    """Write what every contender loads."""
    import keras

    import keras_gans

    keras.utils.set_random_seed(0)
    model = keras_gans.presets.dcgan((64, 64, 3), latent_dim=LATENT_DIM)
    model.save(folder / "model.keras")
    model.export(folder / "saved_model")
    for format in ("onnx", "litert"):
        model.export(folder / format, format=format)
    np.save(folder / "images.npy", model.generate(latents=draw(8)))


def start(*arguments):
    command = [sys.executable, "-m", "benchmarks.serving", *map(str, arguments)]
    environment = {
        **os.environ,
        "KERAS_BACKEND": "tensorflow",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": str(THREADS),
    }
    finished = subprocess.run(command, env=environment, capture_output=True, text=True)
    if finished.returncode:
        raise RuntimeError(finished.stderr[-2000:])
    return finished.stdout.splitlines()[-1] if finished.stdout else None


def table(rounds):
    head = ["by", "grey levels off"]
    for batch in BATCHES:
        head += [f"{batch}: images/s", "p50 (ms)", "p99 (ms)", "of `predict`"]
    lines = [f"| {' | '.join(head)} |", f"| --- {'| ---: ' * (len(head) - 1)}|"]
    for name, (title, _) in CONTENDERS.items():
        cells = [title, str(max(done[name]["difference"] for done in rounds))]
        for batch in map(str, BATCHES):
            all_seconds = [done[name]["seconds"][batch] for done in rounds]
            rates = [int(batch) * len(seconds) / sum(seconds) for seconds in all_seconds]
            p50, p99 = (
                1000 * statistics.median(np.percentile(seconds, q) for seconds in all_seconds)
                for q in (50, 99)
            )
            ratio = statistics.median(
                sum(done["predict"]["seconds"][batch]) / sum(done[name]["seconds"][batch])
                for done in rounds
            )
            cells += [f"{statistics.median(rates):,.0f}", f"{p50:.1f}", f"{p99:.1f}"]
            cells += [f"{ratio:.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--calls", type=int, default=60, help="of each batch size in a round")
    parser.add_argument("--contender", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--export", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.export:
        export(options.folder)
    elif options.contender:
        _, load = CONTENDERS[options.contender]
        print(json.dumps(measure(load(options.folder), options.folder, options.calls)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            start("--export", "--folder", folder)
            rounds = [
                {
                    name: json.loads(
                        start("--contender", name, "--folder", folder, "--calls", options.calls)
                    )
                    for name in CONTENDERS
                }
                for _ in range(options.rounds)
            ]
        print(table(rounds))


if __name__ == "__main__":
    main()
