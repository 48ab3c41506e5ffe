"""What growing costs and what it gives.

    python -m benchmarks.progressive [--output runs/growth] [--rounds 3]

Each part runs in processes of its own: the speed of `fit` at every resolution up to 64x64 pixels,
in turns with a TensorFlow loop written by hand for the last one; the memory at 256x256; and
`python -m applications.progressive` twice, growing and at the full resolution from the start. The
runs of the program are kept in `--output` and gone on with; the tables come as Markdown.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.timed_run import clock_of, run_timed

SIDE, MINIBATCH, LATENT_DIM = 64, 16, 64
NETWORKS = {"base": 512, "maximum": 64}
PAPER = {"base": 8192, "maximum": 512}
STEPS = 12
RESOLUTIONS = [4, 8, 16, 32, 64]


def noise(count, side=SIDE):
    import numpy as np

    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), dtype="uint8")


def grown(side, latent_dim, networks, **arguments):
    import keras_gans
    from keras_gans.networks import progressive_discriminator, progressive_generator

    model = keras_gans.ProgressiveGAN(
        progressive_generator((side, side, 3), latent_dim, **networks),
        progressive_discriminator((side, side, 3), **networks),
        latent_dim,
        seed=0,
        **arguments,
    )
    model.compile()
    return model


def timed_fit():
    """Seconds of every step of a `fit` that grows to 64x64: `[[resolution, seconds], ...]`."""
    import keras

    phase = STEPS * MINIBATCH
    model = grown(
        SIDE,
        LATENT_DIM,
        NETWORKS,
        minibatches={4: MINIBATCH},
        fade_images=phase,
        stabilise_images=phase,
    )

    class Clock(keras.callbacks.Callback):
        """Keras has turned the logs into numbers before this is called: the step is done."""

        def __init__(self):
            super().__init__()
            self.rows = []

        def on_train_batch_begin(self, batch, logs=None):
            self.start = time.perf_counter()

        def on_train_batch_end(self, batch, logs=None):
            self.rows.append([int(logs["resolution"]), time.perf_counter() - self.start])

    clock = Clock()
    images = noise((2 * len(RESOLUTIONS) + 1) * phase)
    # The callbacks of growth run before the clock's: what they take counts for the step.
    model.fit(images, batch_size=MINIBATCH, verbose=0, callbacks=[clock])
    return clock.rows


def timed_loop():
    """Seconds of every step of a loop written by hand for 64x64 pixels alone."""
    import keras
    import tensorflow as tf

    from benchmarks.throughput.tensorflow_loops import optimizer_of, watching
    from keras_gans.networks import progressive_discriminator, progressive_generator

    generator = progressive_generator((SIDE, SIDE, 3), LATENT_DIM, **NETWORKS)
    discriminator = progressive_discriminator((SIDE, SIDE, 3), **NETWORKS)

    def generate(latents):
        x = generator.stem(latents, training=True)
        for block in generator.blocks:
            x = block(x, training=True)
        return generator.heads[-1](x)

    def scores(images):
        x = discriminator.heads[-1](images, training=True)
        for block in reversed(discriminator.blocks):
            x = block(x, training=True)
        return discriminator.top(x, training=True)

    # What such a loop has no other layers for.
    generating = [generator.stem, *generator.blocks, generator.heads[-1]]
    judging = [discriminator.heads[-1], *discriminator.blocks, discriminator.top]
    move_generator, move_discriminator = (
        optimizer_of(networks, keras.optimizers.Adam(1e-3, 0.0, 0.99, 1e-8))
        for networks in (generating, judging)
    )
    averaged = [variable for network in generating for variable in network.trainable_variables]
    average = [tf.Variable(variable.value) for variable in averaged]

    @tf.function(jit_compile=False)
    def train_on(images):
        real = tf.cast(images, tf.float32) / 127.5 - 1.0
        latents = tf.random.normal([MINIBATCH, LATENT_DIM])
        generator_tape, tape = watching(generating), watching(judging)
        with generator_tape:
            fake = generate(latents)
        with tape:
            mix = tf.random.uniform([MINIBATCH, 1, 1, 1])
            between = tf.stop_gradient(real + mix * (fake - real))
            with tf.GradientTape(watch_accessed_variables=False) as inner:
                inner.watch(between)
                total = tf.reduce_sum(scores(between))
            slopes = inner.gradient(total, between)
            norms = tf.sqrt(tf.reduce_sum(tf.square(slopes), axis=[1, 2, 3]) + 1e-12)
            real_scores, fake_scores = scores(real), scores(tf.stop_gradient(fake))
            critic_loss = tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)
            critic_loss += 10.0 * tf.reduce_mean(tf.square(norms - 1.0))
            critic_loss += 1e-3 * tf.reduce_mean(tf.square(real_scores))
        move_discriminator(tape, critic_loss)
        with generator_tape:
            generator_loss = -tf.reduce_mean(scores(fake))
        move_generator(generator_tape, generator_loss)
        for kept, variable in zip(average, averaged, strict=True):
            kept.assign_add((variable.value - kept) * 1e-3)
        return critic_loss

    images = tf.data.Dataset.from_tensor_slices(noise(3 * STEPS * MINIBATCH)).repeat()
    iterator = iter(images.batch(MINIBATCH, drop_remainder=True).prefetch(tf.data.AUTOTUNE))
    seconds = []
    for _ in range(3 * STEPS):
        start = time.perf_counter()
        float(train_on(next(iterator)).numpy())
        seconds.append(time.perf_counter() - start)
    return seconds


def memory(networks, latent_dim):
    """GiB that a process needed at most for three steps at 256x256 pixels, minibatches of 8."""
    model = grown(256, latent_dim, networks, minibatches={4: 8}, fade_images=1, stabilise_images=0)
    model.images_seen.assign(100)
    model.fit(noise(24, 256), batch_size=8, verbose=0)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


PARTS = {
    "fit": timed_fit,
    "loop": timed_loop,
    "memory": lambda: memory(NETWORKS, LATENT_DIM),
    "memory_paper": lambda: memory(PAPER, 512),
}


def measured(part):
    """What a part returns, run in a process of its own."""
    finished = subprocess.run(
        [sys.executable, "-m", "benchmarks.progressive", "--part", part],
        env={**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise RuntimeError(finished.stderr[-2000:])
    return json.loads(finished.stdout.splitlines()[-1])


def speed_table(rounds):
    """The speed at every resolution and what each growth takes, medians over the rounds."""
    fits, loops = [], []
    for _ in range(rounds):
        fits.append(measured("fit"))
        loops.append(measured("loop"))
    loop = [statistics.median(seconds[3:]) for seconds in loops]
    lines = ["| resolution | s per 1000 images | of the 64x64 loop's | lost at its beginning (s) |"]
    lines += ["| --- | ---: | ---: | ---: |"]
    for side in RESOLUTIONS:
        steps = [[seconds for resolution, seconds in rows if resolution == side] for rows in fits]
        median = [statistics.median(seconds) for seconds in steps]
        lost = statistics.median(s[0] - m for s, m in zip(steps, median, strict=True))
        ratio = statistics.median(m / other for m, other in zip(median, loop, strict=True))
        lines.append(
            f"| `fit`, {side}x{side} | {statistics.median(median) / MINIBATCH * 1000:.2f} "
            f"| {ratio:.2f} | {lost:.1f} |"
        )
    seconds = statistics.median(loop) / MINIBATCH * 1000
    lost = statistics.median(s[0] - m for s, m in zip(loops, loop, strict=True))
    lines.append(f"| loop by hand, 64x64 | {seconds:.2f} | 1.00 | {lost:.1f} |")
    return lines


def quality_table(folder):
    """Growing against the full resolution from the start, for the same images seen."""
    lines = ["| trained | time | images | SWD 32 | SWD 16 | mean | MS-SSIM among samples |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    program = ["applications.progressive"]
    for title, options in {
        "growing": [],
        "at 32x32 from the start": ["--fade-images", "1", "--stabilise-images", "1"],
    }.items():
        output = folder / title.replace(" ", "_")
        seconds = run_timed([*program, *options], output)
        record = json.loads((output / "scores.json").read_text())
        settings = json.loads((output / "settings.json").read_text())
        images = settings["epochs"] * settings["images_per_epoch"]
        took = clock_of(seconds)
        lines.append(row(title, took, f"{images:,}", record["epochs"][-1]))
    lines.append(row("real images", "", "", record["real_against_real"]))
    return lines


def row(title, took, images, scores):
    numbers = " | ".join(f"{scores[name]:.1f}" for name in ("swd_32", "swd_16", "swd"))
    return f"| {title} | {took} | {images} | {numbers} | {scores['sample_ms_ssim']:.3f} |"


def memory_table():
    lines = ["| networks at 256x256, minibatches of 8 | peak memory of the process (GiB) |"]
    lines += ["| --- | ---: |"]
    for part, title in (
        ("memory", "small, as above"),
        ("memory_paper", "those of the paper"),
    ):
        lines.append(f"| {title} | {measured(part):.1f} |")
    return lines


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, default=Path("runs/growth"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part]()))
        return
    print("\n".join(speed_table(options.rounds)), end="\n\n", flush=True)
    print("\n".join(memory_table()), end="\n\n", flush=True)
    print("\n".join(quality_table(options.output)))


if __name__ == "__main__":
    main()
