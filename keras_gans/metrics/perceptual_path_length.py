"""Perceptual path length: how evenly a generator's images change along ways through its latents."""

import hashlib
from typing import Any

import numpy as np
from keras import ops

from keras_gans.latents import OnHost
from keras_gans.metrics.extractors import weights_hash
from keras_gans.metrics.feature_distance import FeatureDistance
from keras_gans.metrics.result import Result, interval_of


def perceptual_path_length(
    model: Any,
    distance: FeatureDistance,
    num_paths: int = 10_000,
    seed: int = 0,
    sampling: str = "full",
    epsilon: float = 1e-4,
    discard: float = 0.01,
    repeats: int = 10,
    level: float = 0.95,
    batch_size: int = 64,
) -> Result:
    """The mean of d(G(z(t)), G(z(t + epsilon))) / epsilon^2 over ways z from latent to latent.

    Latents take the ways of their sources: great circles of `Normal`, straight lines of `Uniform`.
    Conditions are those of `model.usual_conditions`, the same at both points. The images stay
    floats between generator and distance: a step of `epsilon` moves no pixel by a grey level. As in
    the authors' code the smallest and the largest hundredth of the distances are left out; faces
    are not cropped, and large images not reduced, as theirs are.

    It belongs to a generator and not to a set of images, and so it is a function and no metric.

    Args:
        model: A `LatentModel` whose samples are images.
        distance: `FeatureDistance`; the papers take that of VGG16's features with the weights of
            LPIPS.
        num_paths: Integer >= 2, ways; the papers have 100,000.
        seed: Integer, of the latents and of the places on the way.
        sampling: "full", places anywhere on the way; or "end", its start, which the papers take for
            StyleGAN's intermediate latents.
        epsilon: Float, the step.
        discard: Float in [0, 0.5), the share of distances that is left out at either end.
        repeats: Integer >= 5, random halves for the interval; see `interval_of`.
        level: Float, the confidence.
        batch_size: Integer, images at a time.

    Returns:
        A `Result`; smaller is smoother.

    Raises:
        ValueError: Numbers out of their range, or another `sampling`.

    Example:

    ```python
    distance = keras_gans.metrics.FeatureDistance(keras_gans.networks.vgg19_features())
    keras_gans.metrics.perceptual_path_length(model, distance, num_paths=2000)
    ```

    References:
        Karras, Laine and Aila 2019, A Style-Based Generator Architecture for GANs,
        arXiv:1812.04948, section 4.1.
    """
    if sampling not in ("full", "end"):
        raise ValueError(f'sampling is "full" or "end", not {sampling!r}.')
    for name, value, fits, what in (
        ("num_paths", num_paths, num_paths >= 2, "2 or more"),
        ("epsilon", epsilon, 0 < epsilon < 1, "above 0 and below 1"),
        ("discard", discard, 0 <= discard < 0.5, "from 0 to below 0.5"),
        ("repeats", repeats, repeats >= 5, "5 or more"),
    ):
        if not fits:
            raise ValueError(f"{name} has to be {what}; it was {value!r}.")
    conditions = model.usual_conditions(num_paths)
    seeds = np.random.SeedSequence(seed).generate_state(3)
    starts, ends = (model.latents_by_name(model.draw_latents(num_paths, int(s))) for s in seeds[:2])
    places = OnHost(int(seeds[2])).uniform((num_paths,)) * (sampling == "full")

    def images(offset, rows):
        latents = {
            name: source.walk(starts[name][rows], ends[name][rows], places[rows] + offset)
            for name, source in model.latents.items()
        }
        given = {name: column[rows] for name, column in conditions.items()}
        return model.predict_samples(model.inputs_for(None, None, latents, given))

    found = []
    for start in range(0, num_paths, batch_size):
        rows = slice(start, start + batch_size)
        moved = distance.distances(images(0.0, rows), images(epsilon, rows))
        found.append(ops.convert_to_numpy(moved).astype("float64") / epsilon**2)
    lengths = np.concatenate(found)
    rng = np.random.default_rng(seed)
    value = mean_within(lengths, discard)
    halves = [
        mean_within(rng.permutation(lengths)[: len(lengths) // 2], discard) for _ in range(repeats)
    ]
    name = f"path_length_{distance.extractor.name}"
    protocol = {
        "metric": "perceptual_path_length",
        "extractor": distance.extractor.name,
        "extractor_weights": weights_hash(distance.extractor),
        "channel_weights": hash_of(distance.channel_weights),
        "sampling": sampling,
        "epsilon": epsilon,
        "discard": discard,
        "num_fake": num_paths,
        "weights": "raw" if model.averaged_generator is None else "averaged",
        "seed": seed,
    }
    return Result({name: value}, {name: interval_of(value, halves, level)}, level, protocol)


def hash_of(weights):
    """The first 12 hex digits of the SHA-256 of channels' weights; `None` where there are none."""
    if weights is None:
        return None
    numbers = np.concatenate([np.ravel(x) for x in weights]).astype("<f4")
    return hashlib.sha256(numbers.tobytes()).hexdigest()[:12]


def mean_within(lengths, discard):
    """The mean without the shares of the smallest and of the largest."""
    low = np.quantile(lengths, discard, method="lower")
    high = np.quantile(lengths, 1 - discard, method="higher")
    return float(lengths[(lengths >= low) & (lengths <= high)].mean())
