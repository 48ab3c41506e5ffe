"""Scores of many images."""


def values_of(metrics, pairs):
    """What metrics say of images.

    Args:
        metrics: List of `keras.metrics.Metric`, freshly made.
        pairs: Iterable of `(originals, images)`, uint8 batches [n, height, width, channels].

    Returns:
        Dict from the names of the metrics to floats.
    """
    import keras

    for pair in pairs:
        for metric in metrics:
            metric.update_state(*pair)
    return {m.name: float(keras.ops.convert_to_numpy(m.result())) for m in metrics}


def values_on_luma(originals, images, border):
    """PSNR and SSIM on Y of images of any size, a border of pixels shaved."""
    from keras_gans.metrics import PeakSignalToNoiseRatio, StructuralSimilarity

    metrics = [m(luma=True, border=border) for m in (PeakSignalToNoiseRatio, StructuralSimilarity)]
    return values_of(metrics, ((x[None], y[None]) for x, y in zip(originals, images, strict=True)))
