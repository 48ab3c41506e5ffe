"""What other tools compute on the same numbers, for the tests in `tests/parity/`.

    python3 -m venv /tmp/tools
    /tmp/tools/bin/pip install scikit-image scipy pytorch-msssim clean-fid torch-fidelity prdc \
        lpips
    /tmp/tools/bin/python -m benchmarks.parity [name ...]

Each function that is decorated with the names of its tools returns what these say of inputs made
here from a seed, as a dict of numbers and arrays. It is written to `tests/parity/<function>.npz`
(at most 50 kB), with the versions of the tools. The tests make the same inputs, and need no tool.
"""

import argparse
import importlib.metadata
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "tests" / "parity"
LIMIT = 50_000
WRITERS = {}


def said_by(*tools):
    """Registers a function of no arguments, whose dict of numbers the tools compute."""

    def register(function):
        WRITERS[function.__name__] = function, tools
        return function

    return register


def image_pairs(number, side, channels, seed=0):
    """Images, and the same ones under noise: uint8 `(number, side, side, channels)`, twice."""
    # RandomState, of all of numpy's generators, makes the same numbers in every version.
    rng = np.random.RandomState(seed)
    tiles = -(-side // 16)
    coarse = rng.randint(0, 256, (number, tiles, tiles, channels))
    real = coarse.repeat(16, axis=1).repeat(16, axis=2)[:, :side, :side]
    noise = rng.normal(0, 20, real.shape) * np.arange(1, number + 1).reshape(-1, 1, 1, 1)
    return real.astype("uint8"), np.clip(real + noise, 0, 255).astype("uint8")


def feature_sets(real=120, fake=100, size=16, seed=0):
    """Features of two sets that overlap, not negative: float64 `(real, size)`, `(fake, size)`."""
    rng = np.random.RandomState(seed)
    mixing = rng.normal(size=(size, size))
    real = np.maximum(rng.normal(size=(real, size)) @ mixing, 0)
    return real, np.maximum(0.8 * rng.normal(size=(fake, size)) @ mixing + 0.3, 0)


def logits(number=200, classes=10, seed=0):
    """Float64 `(number, classes)`."""
    return 3 * np.random.RandomState(seed).normal(size=(number, classes))


def perceptual_network(seed=0):
    """Shift and scale of LPIPS, kernels of two convolutions in a row, and weights of channels."""
    rng = np.random.RandomState(seed)
    kernels = [rng.normal(size=(n, k, 3, 3)).astype("float32") for n, k in ((4, 3), (5, 4))]
    weights = [rng.random_sample(len(kernel)).astype("float32") for kernel in kernels]
    return [-0.030, -0.088, -0.188], [0.458, 0.448, 0.450], kernels, weights


def perceptual_pairs():
    """Floats in [-1, 1], twice."""
    return [x.astype("float32") / 127.5 - 1 for x in image_pairs(3, 24, 3)]


@said_by("scikit-image")
def scikit_image():
    """SSIM as Wang et al. 2004 define it, and PSNR, of each pair."""
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    window = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    said = {}
    for channels in (1, 3):
        pairs = list(zip(*image_pairs(4, 40, channels), strict=True))
        said[f"ssim_{channels}"] = [
            structural_similarity(*pair, data_range=255, channel_axis=-1, **window)
            for pair in pairs
        ]
        said[f"psnr_{channels}"] = [peak_signal_noise_ratio(*pair) for pair in pairs]
    return said


@said_by("pytorch-msssim", "torch")
def pytorch_msssim():
    """MS-SSIM of each pair, as Wang et al. 2003 define it, of sides that halve without a rest."""
    import torch
    from pytorch_msssim import ms_ssim

    real, fake = (torch.from_numpy(x).double().movedim(-1, 1) for x in image_pairs(3, 176, 1))
    return {"ms_ssim": ms_ssim(fake, real, data_range=255.0, size_average=False).numpy()}


@said_by("scipy")
def scipy():
    """The Frechet distance by a matrix square root, and a Wasserstein distance on a line."""
    from scipy.linalg import sqrtm
    from scipy.stats import wasserstein_distance

    real, fake = feature_sets()
    covariances = [np.cov(x, rowvar=False) for x in (real, fake)]
    root = sqrtm(covariances[0] @ covariances[1]).real
    distance = np.sum(np.square(real.mean(0) - fake.mean(0)))
    distance += np.trace(covariances[0] + covariances[1] - 2 * root)
    return {"frechet": distance, "wasserstein": wasserstein_distance(real[:100, 0], fake[:, 0])}


@said_by("clean-fid", "scipy")
def clean_fid():
    """The Frechet distance of features, and the kernel distance of one subset of all."""
    from cleanfid.fid import fid_from_feats, kernel_distance

    real, fake = feature_sets(100, 100)
    return {
        "frechet": fid_from_feats(*feature_sets()),
        "kernel_distance": kernel_distance(real, fake, num_subsets=1),
    }


@said_by("torch-fidelity", "torch")
def torch_fidelity():
    """Scores of features and of logits: FID's and KID's formulas, precision, recall, ISC."""
    import torch
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
    from torch_fidelity.metric_isc import isc_features_to_metric
    from torch_fidelity.metric_kid import kid_features_to_metric
    from torch_fidelity.metric_prc import prc_features_to_metric

    real, fake = map(torch.from_numpy, feature_sets())
    frechet = fid_statistics_to_metric(*map(fid_features_to_statistics, (fake, real)), False)
    neighbours = prc_features_to_metric(fake, real, prc_neighborhood=3, verbose=False)
    inception = isc_features_to_metric(torch.from_numpy(logits()), splits=10, shuffle=False)
    # One subset of all is no matter of chance.
    same = tuple(torch.from_numpy(x) for x in feature_sets(100, 100))
    subsets = {"kid_subsets": 1, "kid_subset_size": 100, "verbose": False}
    polynomial = kid_features_to_metric(*same, **subsets)
    gaussian = kid_features_to_metric(*same, kid_kernel="rbf", kid_kernel_rbf_sigma=10.0, **subsets)
    return {
        "frechet": frechet["frechet_inception_distance"],
        "precision": neighbours["precision"],
        "recall": neighbours["recall"],
        "inception_score": inception["inception_score_mean"],
        "inception_score_deviation": inception["inception_score_std"],
        "kernel_distance": polynomial["kernel_inception_distance_mean"],
        "gaussian_kernel_distance_10": gaussian["kernel_inception_distance_mean"],
    }


@said_by("prdc", "scikit-learn")
def prdc():
    """Precision, recall, density and coverage by the five nearest."""
    from prdc import compute_prdc

    return compute_prdc(*feature_sets(), nearest_k=5)


@said_by("lpips", "torch")
def lpips():
    """The distance of pairs by a network of random weights."""
    import torch
    from lpips import LPIPS

    class Network(torch.nn.Module):
        def forward(self, x):
            return [x := torch.relu(torch.nn.functional.conv2d(x, k)) for k in kernels]

    _, _, *drawn = perceptual_network()
    kernels, weights = ([torch.from_numpy(x) for x in some] for some in drawn)
    distance = LPIPS(net="squeeze", pretrained=False, pnet_rand=True, verbose=False)
    distance.net, distance.L, distance.chns = Network(), len(weights), list(map(len, weights))
    for layer, weight in zip(distance.lins, weights, strict=False):
        layer.model[1].weight = torch.nn.Parameter(weight.reshape(1, -1, 1, 1))
    pairs = (torch.from_numpy(x).movedim(-1, 1) for x in perceptual_pairs())
    return {"distances": distance(*pairs).detach().numpy().ravel()}


@said_by("torch-fidelity", "torch")
def inception():
    """Features and logits of the Inception of 2015 with random weights."""
    import tempfile

    import torch
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    from tests.parity.inception import images, random_weights

    with tempfile.NamedTemporaryFile(suffix=".pth") as file:
        torch.save({k: torch.as_tensor(v) for k, v in random_weights().items()}, file.name)
        network = FeatureExtractorInceptionV3("x", ["2048", "logits_unbiased"], file.name)
    with torch.no_grad():
        features, logits = network(torch.from_numpy(images()).movedim(-1, 1))
    return {"features": features.numpy(), "logits": logits.numpy()}


def said(name):
    """What the tools said: dict of arrays, and "tools", their versions."""
    with np.load(FOLDER / f"{name}.npz") as file:
        return dict(file)


def write(name):
    """Ask the tools, and write what they say."""
    function, tools = WRITERS[name]
    versions = [f"{tool} {importlib.metadata.version(tool)}" for tool in tools]
    path = FOLDER / f"{name}.npz"
    np.savez_compressed(path, tools=", ".join(versions), **function())
    if path.stat().st_size > LIMIT:
        raise ValueError(f"{path} has {path.stat().st_size} bytes; at most {LIMIT} are kept.")
    print(f"{path}: {', '.join(versions)}")


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parity")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(WRITERS)}")
    for name in parser.parse_args(arguments).names or WRITERS:
        write(name)


if __name__ == "__main__":
    main()
