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


def extractor_for(channels):
    """The name of the extractor that ships for grey images (1 channel), or for others."""
    return "fashion_mnist" if channels == 1 else "cifar10"


def metrics_of_features(extractor, resize="bilinear"):
    """The scores of two sets of images that compare their features.

    Args:
        extractor: As in `keras_gans.metrics.get_extractor`.
        resize: As in `keras_gans.metrics.FrechetDistance`.

    Returns:
        List of `keras_gans.metrics.FeatureMetric`.
    """
    from keras_gans import metrics

    extractor = metrics.get_extractor(extractor)  # Loaded once.
    kinds = (
        metrics.FrechetDistance,
        metrics.KernelDistance,
        metrics.MaximumMeanDiscrepancy,
        metrics.PrecisionRecall,
        metrics.DensityCoverage,
    )
    return [kind(extractor, resize=resize) for kind in kinds]


# Of each number: which ones are the better ones, and what it says.
SAYS = {
    "FrechetDistance": {"": ("lower", "quality and variety in one number")},
    "KernelDistance": {
        "_mean": ("lower", "the same; 0 is perfect, also of few images"),
        "_std": ("", "the deviation of that from subset to subset"),
    },
    "MaximumMeanDiscrepancy": {"": ("lower", "the same by other kernels; 0 is perfect")},
    "PrecisionRecall": {
        "_precision": ("higher", "the share of generated images that look real"),
        "_recall": ("higher", "the share of real images that could be made"),
    },
    "DensityCoverage": {
        "_density": ("higher", "as precision, outliers count less; about 1"),
        "_coverage": ("higher", "as recall, outliers count less"),
    },
    "InceptionScore": {
        "_mean": ("higher", "how sure a classifier is, and how varied"),
        "_std": ("", "the deviation of that from split to split"),
    },
    "Memorization": {
        "_ratio": ("", "about 1; less where training images are copied"),
        "_copies": ("", "about 0.01; more where training images are copied"),
    },
    "SlicedWassersteinDistance": {"": ("lower", "how far patches of pixels are apart")},
    "SampleSimilarity": {
        "_of_real": ("", "the same of real images"),
        "": ("", "how alike generated images are; best as real ones are"),
    },
}


def said_of(metric, name):
    """Which values of a score are the better ones, and what it says of images.

    Args:
        metric: String, the name of its class.
        name: String, the name of one of its numbers.

    Returns:
        Two strings: "lower", "higher" or "", and the sentence.
    """
    says = SAYS.get(metric, {"": ("", "")})
    return next(says[end] for end in says if name.endswith(end))


def recognized(images, labels):
    """Share of images of clothes that a classifier takes for what they are said to be.

    It comes with the package and was trained on the 60,000 training images of Fashion-MNIST, none
    of which is among the embedded ones.

    Args:
        images: uint8 array `(n, height, width, channels)`.
        labels: Integer array `(n,)`, indices into `FASHION_MNIST_CLASSES`.
    """
    import numpy as np

    from keras_gans.metrics import fashion_mnist_classifier
    from keras_gans.metrics.image_features import ImageFeatures

    if images.shape[1] == 32:
        images = images[:, 2:-2, 2:-2]  # The border that embedded images get.
    logits = ImageFeatures(fashion_mnist_classifier()).batches(images, batch_size=500)
    return float(np.mean(np.concatenate([*logits]).argmax(axis=1) == labels))


def cluster_accuracy(clusters, labels):
    """Share of images that are of the class that most images of their cluster are of.

    A majority vote, as clusterings by GANs are scored: each cluster is given one class, and a class
    may have several clusters, or none.

    Args:
        clusters: Integer array `(n,)`.
        labels: Integer array `(n,)` from 0 on.

    Returns:
        Float, at least the share of the largest class.
    """
    import numpy as np

    largest = [np.bincount(labels[clusters == one]).max() for one in np.unique(clusters)]
    return float(np.sum(largest) / len(labels))


def values_on_luma(originals, images, border):
    """PSNR and SSIM on Y of images of any size, a border of pixels shaved."""
    from keras_gans.metrics import PeakSignalToNoiseRatio, StructuralSimilarity

    metrics = [m(luma=True, border=border) for m in (PeakSignalToNoiseRatio, StructuralSimilarity)]
    return values_of(metrics, ((x[None], y[None]) for x, y in zip(originals, images, strict=True)))
