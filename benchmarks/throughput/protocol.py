"""What the processes of the throughput benchmark agree on: sizes, data, arguments and the report.

Imports neither Keras nor a backend: the parent must stay light, and a PyTorch contender must not
find TensorFlow's thread pools beside its own.
"""

import argparse
import json
import os
import resource
import time
from dataclasses import dataclass

import numpy as np

IMAGE_SHAPE = (64, 64, 3)
LATENT_DIM = 100
WIDTH = 64
LEARNING_RATE, BETA_1, BETA_2 = 2e-4, 0.5, 0.999

POINT_LATENT_DIM = 2
HIDDEN_UNITS = 128
STEPS_PER_EXECUTION = 20


@dataclass(frozen=True)
class Translation:
    """The sizes of a translator, of its discriminators and of its batches."""

    side: int
    width: int
    blocks: int
    receptive_field: int
    batch_size: int

    @property
    def image_shape(self):
        return self.side, self.side, 3


# Those of the papers, and those of the programs, which suit two cores.
PAPER, SMALL = Translation(256, 64, 9, 70, 1), Translation(64, 16, 4, 34, 16)
TRANSLATIONS = {"pix2pix": PAPER, "cyclegan": PAPER, "pix2pix64": SMALL, "cyclegan64": SMALL}
L1_WEIGHT, CYCLE_WEIGHT, IDENTITY_WEIGHT, POOL_SIZE = 100.0, 10.0, 5.0, 50


@dataclass(frozen=True)
class Upscaling:
    """The sizes of a super-resolution network and of its large patches."""

    blocks: int
    width: int
    scale: int = 4
    patch_size: int = 96
    batch_size: int = 16


# The first stage of the program, its second stage, and that of the paper with pixels as content.
UPSCALINGS = {"srresnet": Upscaling(8, 32), "srgan": Upscaling(8, 32)}
UPSCALINGS["srganpaper"] = Upscaling(16, 64)
PHOTOGRAPH_SHAPE, PHOTOGRAPHS, PATCHES_PER_PHOTOGRAPH = (384, 512, 3), 16, 64
ADVERSARIAL_WEIGHT, UPSCALING_RATE = 1e-3, 1e-4

BATCH_SIZE = {"dcgan": 64, "mlp": 256}
BATCH_SIZE |= {name: size.batch_size for name, size in (TRANSLATIONS | UPSCALINGS).items()}
# A step of the small GAN takes about a millisecond: its window needs more of them. A whole number
# of executions, so that the windows of `fit` and of the loops begin and end on the same steps.
STEP_FACTOR = {"mlp": 2 * STEPS_PER_EXECUTION}


@dataclass(frozen=True)
class Window:
    """The steps that are timed: `steps` of them, after `warmup` that are not."""

    warmup: int
    steps: int
    batch_size: int

    @property
    def examples(self):
        """How many distinct examples the whole run reads."""
        return (self.warmup + self.steps) * self.batch_size


def busy_seconds():
    """CPU seconds that the whole machine, and this process, have used; None where unknown.

    Linux only: the first line of /proc/stat counts user, nice, system, idle, iowait, irq, softirq
    and steal (another tenant of the same hardware) in clock ticks.
    """
    try:
        with open("/proc/stat") as stat:
            ticks = [int(count) for count in stat.readline().split()[1:9]]
    except OSError:
        return None
    busy = sum(ticks) - ticks[3] - ticks[4]
    return busy / os.sysconf("SC_CLK_TCK"), time.process_time()


class Stopwatch:
    """Times a window of steps. Whoever calls `after` must have waited for that step's result."""

    def __init__(self, window):
        self.window = window
        self.start = self.stop = None
        self.input_share = None  # Making a batch, of the time of a step, where it is measured.

    def after(self, done, losses):
        """Notes that `done` steps are complete; `losses` are the floats that prove it."""
        if done == self.window.warmup:
            self.start, self.busy_at_start = time.perf_counter(), busy_seconds()
        if done == self.window.warmup + self.window.steps:
            self.stop, self.busy_at_stop = time.perf_counter(), busy_seconds()
            self.losses = losses

    def is_due(self, done):
        return done in (self.window.warmup, self.window.warmup + self.window.steps)

    @property
    def images_per_second(self):
        return self.window.steps * self.window.batch_size / (self.stop - self.start)

    @property
    def processor_milliseconds(self):
        """Milliseconds of processor time per step, all threads; they drift less than the clock."""
        if self.busy_at_start is None:
            return None
        return 1e3 * (self.busy_at_stop[1] - self.busy_at_start[1]) / self.window.steps

    @property
    def foreign_cores(self):
        """How many cores other processes kept busy during the window, on average.

        A thread that waits at a barrier for one that has lost its core idles or spins: contention
        costs the frameworks unequally, and a ratio taken under it says nothing about them.
        """
        if self.busy_at_start is None:
            return None
        pairs = zip(self.busy_at_stop, self.busy_at_start, strict=True)
        machine, own = (stop - start for stop, start in pairs)
        return max(0.0, machine - own) / (self.stop - self.start)


def random_images(window, image_shape=IMAGE_SHAPE, seed=0):
    """uint8 noise: the speed of a step does not depend on what the images show."""
    size = (window.examples, *image_shape)
    return np.random.default_rng(seed).integers(0, 256, size, dtype=np.uint8)


def random_pairs(window, image_shape):
    """Two arrays of them."""
    return tuple(random_images(window, image_shape, seed) for seed in (0, 1))


def random_photographs(scale):
    """Small and large photographs, uint8 [n, height, width, channels], of noise."""
    height, width, channels = PHOTOGRAPH_SHAPE
    rng = np.random.default_rng(0)
    sizes = [(height // scale, width // scale, channels), PHOTOGRAPH_SHAPE]
    return tuple(rng.integers(0, 256, (PHOTOGRAPHS, *size), dtype=np.uint8) for size in sizes)


def ring_of_gaussians(window, modes=8, radius=0.7, spread=0.02):
    """float32 points in [-1, 1] around `modes` centres on a circle."""
    rng = np.random.default_rng(0)
    angles = 2 * np.pi / modes * rng.integers(modes, size=window.examples)
    centres = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return (centres + spread * rng.standard_normal(centres.shape)).astype("float32")


def add_run_arguments(parser):
    """The arguments that the parent hands on to every contender unchanged."""
    parser.add_argument("--steps", type=int, default=30, help="timed steps per round")
    parser.add_argument("--warmup", type=int, default=5, help="untimed steps before them")
    parser.add_argument(
        "--threads",
        type=int,
        default=len(os.sched_getaffinity(0)),
        help="intra-op threads of every contender (default: the cores this process may use)",
    )


def contender_arguments(description, contenders):
    """Parses a contender's command line; returns its name, its window and its thread count."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("contender", choices=contenders)
    add_run_arguments(parser)
    arguments = parser.parse_args()
    part = arguments.contender.partition("_")[0]
    factor = STEP_FACTOR.get(part, 1)
    window = Window(arguments.warmup * factor, arguments.steps * factor, BATCH_SIZE[part])
    return arguments.contender, window, arguments.threads


def report(stopwatch, parameters, versions):
    """Prints the one JSON line that the parent reads (always the last line of the output)."""
    # KiB on Linux: the most that the process ever had in memory, its framework included.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    result = {
        "images_per_second": stopwatch.images_per_second,
        "processor_milliseconds": stopwatch.processor_milliseconds,
        "foreign_cores": stopwatch.foreign_cores,
        "peak_gib": peak,
        "losses": stopwatch.losses,
        "parameters": parameters,
        "versions": versions,
        "input_share": stopwatch.input_share,
    }
    print(json.dumps(result), flush=True)
