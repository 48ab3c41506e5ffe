"""Scores against what other tools compute of the same images and features."""

import keras
import numpy as np
import pytest

from benchmarks.parity import feature_sets, image_pairs, logits, said
from keras_gans.metrics.gaussians import frechet_distance, gaussian_statistics
from keras_gans.metrics.inception_score import scores_of_splits
from keras_gans.metrics.kernels import gaussian_kernel, polynomial_kernel, squared_discrepancy
from keras_gans.metrics.neighbourhoods import density_coverage, precision_recall
from keras_gans.metrics.peak_signal_to_noise_ratio import peak_signal_to_noise_ratio
from keras_gans.metrics.sliced_wasserstein_distance import sliced_wasserstein
from keras_gans.metrics.structural_similarity import (
    multi_scale_structural_similarity,
    structural_similarity,
)
from tests.backends import shown_on_tensorflow

PAIR = ("precision", "recall")
numpy_alone = shown_on_tensorflow("it is numpy alone")


@pytest.mark.parametrize("channels", [1, 3])
def test_structural_similarity_is_scikit_images(channels):
    similarity = keras.ops.convert_to_numpy(structural_similarity(*image_pairs(4, 40, channels)))
    np.testing.assert_allclose(similarity, said("scikit_image")[f"ssim_{channels}"], rtol=1e-4)


@pytest.mark.parametrize("channels", [1, 3])
def test_peak_signal_to_noise_ratio_is_scikit_images(channels):
    ratio = keras.ops.convert_to_numpy(peak_signal_to_noise_ratio(*image_pairs(4, 40, channels)))
    np.testing.assert_allclose(ratio, said("scikit_image")[f"psnr_{channels}"], rtol=1e-5)


def test_multi_scale_structural_similarity_is_pytorch_msssims():
    similarity = multi_scale_structural_similarity(*image_pairs(3, 176, 1))
    expected = said("pytorch_msssim")["ms_ssim"]
    np.testing.assert_allclose(keras.ops.convert_to_numpy(similarity), expected, rtol=1e-5)


@numpy_alone
@pytest.mark.parametrize("tool", ["scipy", "clean_fid", "torch_fidelity"])
def test_frechet_distance_is_theirs(tool):
    gaussians = [gaussian_statistics(features)[:2] for features in feature_sets()]
    distance = frechet_distance(*gaussians[0], *gaussians[1])
    assert distance == pytest.approx(said(tool)["frechet"], rel=1e-10)


@numpy_alone
@pytest.mark.parametrize("tool", ["clean_fid", "torch_fidelity"])
def test_kernel_distance_is_theirs(tool):
    distance = squared_discrepancy(*feature_sets(100, 100), polynomial_kernel)
    assert distance == pytest.approx(said(tool)["kernel_distance"], rel=1e-10)


@numpy_alone
def test_discrepancy_under_a_gaussian_kernel_is_torch_fidelitys():
    distance = squared_discrepancy(
        *feature_sets(100, 100), lambda a, b: gaussian_kernel(a, b, (10.0,))
    )
    theirs = said("torch_fidelity")["gaussian_kernel_distance_10"]
    assert distance == pytest.approx(theirs, rel=1e-10)


@numpy_alone
def test_inception_score_is_torch_fidelitys():
    scores, theirs = scores_of_splits(logits(), 10), said("torch_fidelity")
    assert np.mean(scores) == pytest.approx(theirs["inception_score"], rel=1e-10)
    assert np.std(scores) == pytest.approx(theirs["inception_score_deviation"], rel=1e-10)


@numpy_alone
def test_sliced_wasserstein_distance_on_a_line_is_scipys():
    real, fake = (x[:100, :1].astype("float32") for x in feature_sets())
    distance = sliced_wasserstein(real, fake, 3, np.random.default_rng(0))
    assert distance == pytest.approx(said("scipy")["wasserstein"], rel=1e-6)


@numpy_alone
def test_precision_and_recall_are_torch_fidelitys_and_prdcs():
    theirs = said("torch_fidelity")  # In float32.
    for score, name in zip(precision_recall(*feature_sets(), k=3), PAIR, strict=True):
        assert score == pytest.approx(theirs[name], rel=1e-7)
    for score, name in zip(precision_recall(*feature_sets(), k=5), PAIR, strict=True):
        assert score == pytest.approx(said("prdc")[name], rel=1e-12)


@numpy_alone
def test_density_and_coverage_are_prdcs():
    scores = density_coverage(*feature_sets(), k=5)
    for score, name in zip(scores, ("density", "coverage"), strict=True):
        assert score == pytest.approx(said("prdc")[name], rel=1e-12)
