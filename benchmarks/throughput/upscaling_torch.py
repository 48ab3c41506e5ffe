"""The PyTorch contenders that enlarge: SRResNet and SRGAN in loops written by hand.

As in `translation_torch`: channels-last memory, the fused Adam, each fake once per step,
activations in place, no gradients of the discriminator's weights in the generator's phase.
"""

import functools

import numpy as np
import torch
from torch import nn
from torch.nn.functional import mse_loss, softplus

from benchmarks.throughput.protocol import (
    ADVERSARIAL_WEIGHT,
    UPSCALING_RATE,
    UPSCALINGS,
    random_photographs,
)
from benchmarks.throughput.torch_loops import descend, run_contender, scaled, timed_loop


def block(width):
    return nn.Sequential(
        nn.Conv2d(width, width, 3, padding=1),
        nn.BatchNorm2d(width),
        nn.PReLU(width),
        nn.Conv2d(width, width, 3, padding=1),
        nn.BatchNorm2d(width),
    )


class SRResNet(nn.Module):
    def __init__(self, blocks, width):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(3, width, 9, padding=4), nn.PReLU(width))
        self.blocks = nn.ModuleList(block(width) for _ in range(blocks))
        self.last = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width))
        larger = []
        for _ in range(2):
            larger += [nn.Conv2d(width, 4 * width, 3, padding=1), nn.PixelShuffle(2)]
            larger += [nn.PReLU(width)]
        self.larger = nn.Sequential(*larger, nn.Conv2d(width, 3, 9, padding=4))

    def forward(self, x):
        first = x = self.first(x)
        for layers in self.blocks:
            x = x + layers(x)
        return self.larger(first + self.last(x))


def discriminator_of(patch_size, width):
    layers = [nn.Conv2d(3, width, 3, padding=1), nn.LeakyReLU(0.2, inplace=True)]
    inputs = width
    for times, strides in ((1, 2), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (8, 2)):
        outputs = times * width
        layers += [nn.Conv2d(inputs, outputs, 3, strides, padding=1), nn.BatchNorm2d(outputs)]
        layers += [nn.LeakyReLU(0.2, inplace=True)]
        inputs = outputs
    units = 16 * width
    layers += [nn.Flatten(), nn.Linear((patch_size // 16) ** 2 * inputs, units)]
    return nn.Sequential(*layers, nn.LeakyReLU(0.2, inplace=True), nn.Linear(units, 1))


def adam(network):
    return torch.optim.Adam(network.parameters(), UPSCALING_RATE, fused=True)


def batches(size):
    """Endless batches of patches, float32 in [-1, 1], channels last in memory."""
    photographs = random_photographs(size.scale)
    rng, side = np.random.default_rng(0), size.patch_size // size.scale
    rows_left = []

    def patch(small, large):
        top, left = (rng.integers(0, s - side + 1) for s in small.shape[:2])
        turns, mirrored = rng.integers(0, 4), rng.integers(0, 2)
        for image, times in ((small, 1), (large, size.scale)):
            cut = image[top * times : (top + side) * times, left * times : (left + side) * times]
            yield np.rot90(cut[:, ::-1] if mirrored else cut, turns)

    while True:
        rows = []
        while len(rows) < size.batch_size:
            rows_left = rows_left or list(rng.permutation(len(photographs[0])))
            rows.append(rows_left.pop())
        pairs = [patch(*(images[row] for images in photographs)) for row in rows]
        yield [scaled(torch.from_numpy(np.stack(x))) for x in zip(*pairs, strict=True)]


def srresnet_torch(window, size):
    generator = SRResNet(size.blocks, size.width).to(memory_format=torch.channels_last)
    optimizer = adam(generator)

    def step(small, large):
        loss = mse_loss(generator(small), large)
        descend(optimizer, loss)
        return (loss,)

    return timed_loop(step, window, batches(size)), generator


def srgan_torch(window, size):
    generator = SRResNet(size.blocks, size.width).to(memory_format=torch.channels_last)
    discriminator = discriminator_of(size.patch_size, size.width)
    discriminator.to(memory_format=torch.channels_last)
    generator_optimizer, discriminator_optimizer = adam(generator), adam(discriminator)

    def step(small, large):
        fake = generator(small)
        real_scores, fake_scores = discriminator(large), discriminator(fake.detach())
        discriminator_loss = softplus(-real_scores).mean() + softplus(fake_scores).mean()
        descend(discriminator_optimizer, discriminator_loss)
        discriminator.requires_grad_(False)
        generator_loss = mse_loss(fake, large)
        generator_loss = generator_loss + ADVERSARIAL_WEIGHT * softplus(-discriminator(fake)).mean()
        descend(generator_optimizer, generator_loss)
        discriminator.requires_grad_(True)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, batches(size)), generator, discriminator


CONTENDERS = {
    f"{part}_torch": functools.partial(
        srresnet_torch if part == "srresnet" else srgan_torch, size=size
    )
    for part, size in UPSCALINGS.items()
}


if __name__ == "__main__":
    run_contender(__doc__.splitlines()[0], CONTENDERS)
