"""Inception of 2015 once more, in PyTorch's functions, with random weights of the port's names."""

import zlib

import numpy as np


class Weights(dict):
    """Arrays that are drawn when they are first asked for, each from a seed of its own name."""

    def draw(self, name, shape, mean, deviation):
        if name not in self:
            rng = np.random.RandomState(zlib.crc32(name.encode()))
            noise = 12**0.5 * (rng.random_sample(shape) - 0.5)
            self[name] = (mean + deviation * noise).astype("float32")
        return self[name]


def forward(weights, x):
    """Features and logits of images [n, 3, height, width] in [0, 255], by the layer table.

    Args:
        weights: `Weights`, or any dict of them.
        x: A torch tensor.

    Returns:
        Tensors [n, 2048] and [n, 1008], the latter without the bias.
    """
    import torch
    from torch.nn import functional as F

    def unit(x, name, filters, kernel, stride=1, padding=None):
        rows, columns = (kernel, kernel) if isinstance(kernel, int) else kernel
        fan_in = x.shape[1] * rows * columns
        shape = (filters, x.shape[1], rows, columns)
        w = weights.draw(f"{name}.conv.weight", shape, 0, (2 / fan_in) ** 0.5)
        gamma, beta, mean = (
            weights.draw(f"{name}.bn.{key}", filters, around, 0.1)
            for key, around in (("weight", 1), ("bias", 0), ("running_mean", 0))
        )
        variance = weights.draw(f"{name}.bn.running_var", filters, 1, 0.1)
        w, gamma, beta, mean, variance = map(torch.as_tensor, (w, gamma, beta, mean, variance))
        padding = (rows // 2, columns // 2) if padding is None else padding
        x = F.conv2d(x, w, stride=stride, padding=padding)
        x = (x - mean[:, None, None]) / torch.sqrt(variance + 0.001)[:, None, None]
        return F.relu(x * gamma[:, None, None] + beta[:, None, None])

    def average(x):
        """The mean of those of nine neighbours that are inside."""
        inside = torch.ones_like(x[:1, :1])
        total, count = (F.avg_pool2d(y, 3, 1, 1, count_include_pad=True) * 9 for y in (x, inside))
        return total / count

    def row(x, *steps):
        for name, *rest in steps:
            x = unit(x, name, *rest)
        return x

    x = (x - 128) / 128
    x = unit(x, "Conv2d_1a_3x3", 32, 3, 2, 0)
    x = unit(x, "Conv2d_2a_3x3", 32, 3, 1, 0)
    x = F.max_pool2d(unit(x, "Conv2d_2b_3x3", 64, 3), 3, 2)
    x = unit(x, "Conv2d_3b_1x1", 80, 1)
    x = F.max_pool2d(unit(x, "Conv2d_4a_3x3", 192, 3, 1, 0), 3, 2)
    for block, filters in (("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)):
        b = f"{block}.branch"
        x = torch.cat(
            [
                unit(x, f"{b}1x1", 64, 1),
                row(x, (f"{b}5x5_1", 48, 1), (f"{b}5x5_2", 64, 5)),
                row(x, (f"{b}3x3dbl_1", 64, 1), (f"{b}3x3dbl_2", 96, 3), (f"{b}3x3dbl_3", 96, 3)),
                unit(average(x), f"{b}_pool", filters, 1),
            ],
            1,
        )
    b = "Mixed_6a.branch"
    double = row(x, (f"{b}3x3dbl_1", 64, 1), (f"{b}3x3dbl_2", 96, 3))
    double = unit(double, f"{b}3x3dbl_3", 96, 3, 2, 0)
    x = torch.cat([unit(x, f"{b}3x3", 384, 3, 2, 0), double, F.max_pool2d(x, 3, 2)], 1)
    for letter, c in zip("bcde", (128, 160, 160, 192), strict=True):
        b = f"Mixed_6{letter}.branch7x7"
        wide, tall = (1, 7), (7, 1)
        x = torch.cat(
            [
                unit(x, f"Mixed_6{letter}.branch1x1", 192, 1),
                row(x, (f"{b}_1", c, 1), (f"{b}_2", c, wide), (f"{b}_3", 192, tall)),
                row(
                    x,
                    (f"{b}dbl_1", c, 1),
                    (f"{b}dbl_2", c, tall),
                    (f"{b}dbl_3", c, wide),
                    (f"{b}dbl_4", c, tall),
                    (f"{b}dbl_5", 192, wide),
                ),
                unit(average(x), f"Mixed_6{letter}.branch_pool", 192, 1),
            ],
            1,
        )
    b = "Mixed_7a.branch"
    short = unit(unit(x, f"{b}3x3_1", 192, 1), f"{b}3x3_2", 320, 3, 2, 0)
    b = "Mixed_7a.branch7x7x3"
    long = row(x, (f"{b}_1", 192, 1), (f"{b}_2", 192, (1, 7)), (f"{b}_3", 192, (7, 1)))
    long = unit(long, f"{b}_4", 192, 3, 2, 0)
    x = torch.cat([short, long, F.max_pool2d(x, 3, 2)], 1)
    for block, pool in (("Mixed_7b", average), ("Mixed_7c", lambda x: F.max_pool2d(x, 3, 1, 1))):
        b = f"{block}.branch"
        single = unit(x, f"{b}3x3_1", 384, 1)
        double = row(x, (f"{b}3x3dbl_1", 448, 1), (f"{b}3x3dbl_2", 384, 3))
        x = torch.cat(
            [
                unit(x, f"{b}1x1", 320, 1),
                unit(single, f"{b}3x3_2a", 384, (1, 3)),
                unit(single, f"{b}3x3_2b", 384, (3, 1)),
                unit(double, f"{b}3x3dbl_3a", 384, (1, 3)),
                unit(double, f"{b}3x3dbl_3b", 384, (3, 1)),
                unit(pool(x), f"{b}_pool", 192, 1),
            ],
            1,
        )
    features = x.mean((2, 3))
    head = weights.draw("fc.weight", (1008, 2048), 0, 2048**-0.5)
    weights.draw("fc.bias", 1008, 0, 1.0)
    return features, features @ torch.as_tensor(head).T


def random_weights():
    """Weights of every layer, the same in every process."""
    import torch

    weights = Weights()
    forward(weights, torch.zeros(1, 3, 75, 75))
    return dict(weights)


def images():
    """Two images of 20 x 32 pixels, uint8: noise that is coloured, and steps."""
    rng = np.random.RandomState(18)
    noise = rng.randint(0, 256, (1, 20, 32, 3))
    steps = np.kron(rng.randint(0, 256, (1, 5, 8, 3)), np.ones((1, 4, 4, 1), int))
    return np.concatenate([noise, steps]).astype("uint8")
