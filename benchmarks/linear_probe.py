"""How much of the classes a linear classifier reads off features."""

import numpy as np


def linear_probe(features, labels, test_features, test_labels, penalty=1e-2, steps=200):
    """Accuracy of multinomial logistic regression on features.

    Each feature is standardized by its mean and deviation in training. The loss is convex and
    minimized by Nesterov's gradient descent from zero, so that nothing depends on a seed.

    Args:
        features: Array `(n, ...)`, what the classifier is trained on; flattened.
        labels: Integer array `(n,)`, ids from 0 up.
        test_features: Array `(m, ...)`, what it is tried on.
        test_labels: Integer array `(m,)`.
        penalty: Float, half of it times the squared weights is added to the mean loss.
        steps: Integer, of gradient descent.

    Returns:
        Float, the share of test features whose class is recognized.
    """
    x, mean, deviation = standardized(features)
    one_hot = np.eye(int(np.max(labels)) + 1, dtype="float32")[labels]
    # The loss curves by at most half of the largest eigenvalue of the covariance.
    smoothness = 0.5 * np.linalg.eigvalsh(x.T @ x / len(x))[-1] + penalty
    weights = ahead = np.zeros((x.shape[1], one_hot.shape[1]), "float32")
    for step in range(steps):
        errors = (softmax(x @ ahead) - one_hot) / len(x)
        earlier, weights = weights, ahead - (x.T @ errors + penalty * ahead) / smoothness
        ahead = weights + step / (step + 3) * (weights - earlier)
    test, *_ = standardized(test_features, mean, deviation)
    return float(np.mean((test @ weights).argmax(1) == test_labels))


def standardized(features, mean=None, deviation=None):
    """float32 features, centred and scaled, and a one beside them; what they are scaled by."""
    x = np.reshape(features, (len(features), -1)).astype("float64")
    if mean is None:
        mean, deviation = x.mean(0), x.std(0)
        deviation[deviation == 0] = 1.0
    x = np.concatenate([(x - mean) / deviation, np.ones((len(x), 1))], axis=1)
    return x.astype("float32"), mean, deviation


def softmax(logits):
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    return exponentials / exponentials.sum(1, keepdims=True)
