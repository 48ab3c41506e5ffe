"""How often the interval of a score holds what it should, where that is known.

Real and fake features are drawn anew many times from two Gaussians, and each draw is scored with
its interval of 95 %. Printed is the share of intervals that hold the mean score of as many images
(what the interval is of), and the share that hold the score of the Gaussians themselves, which a
score that is biased for few images misses.

    python -m benchmarks.score_intervals

Results stand in benchmarks/README.md.
"""

import argparse
import functools

import numpy as np

from keras_gans.metrics.gaussians import frechet_distance, gaussian_statistics
from keras_gans.metrics.kernels import gaussian_kernel, squared_discrepancy
from keras_gans.metrics.result import interval_of

FEATURES = 8
BANDWIDTH = 4.0
STD = 1.2  # Of each fake feature, where that of each real one is 1.


def frechet(real, fake):
    (m, s, _), (n, t, _) = gaussian_statistics(real), gaussian_statistics(fake)
    return frechet_distance(m, s, n, t)


def frechet_of_gaussians(shift, std):
    return FEATURES * (shift**2 + (std - 1) ** 2)


def discrepancy(real, fake):
    kernel = functools.partial(gaussian_kernel, bandwidths=(BANDWIDTH,))
    return squared_discrepancy(real, fake, kernel)


def discrepancy_of_gaussians(shift, std):
    def mean_kernel(variance, gap=0.0):
        total = BANDWIDTH**2 + variance
        return (BANDWIDTH**2 / total * np.exp(-(gap**2) / total)) ** (FEATURES / 2)

    return mean_kernel(2) + mean_kernel(2 * std**2) - 2 * mean_kernel(1 + std**2, shift)


def shares(score, exact, number, shift, std, draws, repeats, seed=0):
    """Of intervals: the shares that hold the mean score, and `exact`; and the mean score."""
    rng = np.random.default_rng(seed)
    values, intervals = [], []
    for _ in range(draws):
        real = rng.normal(0, 1, (number, FEATURES))
        fake = rng.normal(shift, std, (number, FEATURES))
        halves = [
            score(*(side[rng.permutation(number)[: number // 2]] for side in (real, fake)))
            for _ in range(repeats)
        ]
        values.append(score(real, fake))
        intervals.append(interval_of(values[-1], halves))
    low, high = np.transpose(intervals)
    held = [np.mean((low <= x) & (x <= high)) for x in (np.mean(values), exact)]
    return *held, np.mean(values)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score_intervals")
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--repeats", type=int, default=10)
    options = parser.parse_args(arguments)
    print("| score | shift | std | images | exact | mean | holds the mean | holds the exact |")
    print("|---|---|---|---|---|---|---|---|")
    scores = {
        "Frechet distance": (frechet, frechet_of_gaussians, (200, 2000)),
        "MMD, unbiased": (discrepancy, discrepancy_of_gaussians, (200,)),
    }
    for name, (score, of_gaussians, numbers) in scores.items():
        for shift, std in ((0.5, STD), (0.0, STD), (0.0, 1.0)):
            for number in numbers:
                exact = of_gaussians(shift, std)
                mean, known, average = shares(
                    score, exact, number, shift, std, options.draws, options.repeats
                )
                print(
                    f"| {name} | {shift} | {std} | {number:,} | {exact:.4g} | {average:.4g} "
                    f"| {100 * mean:.1f} % | {100 * known:.1f} % |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
