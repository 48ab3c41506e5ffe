"""The PyTorch contenders that translate: pix2pix and CycleGAN in loops written by hand.

As in `gan_torch`: channels-last memory, the fused Adam, each fake once per step, activations in
place where nothing else reads them, no gradients of the discriminators' weights in the
generators' phase. The networks are those of the authors' code.
"""

import functools
import random

import torch
from torch import nn
from torch.nn.functional import l1_loss, softplus

from benchmarks.throughput.protocol import (
    CYCLE_WEIGHT,
    IDENTITY_WEIGHT,
    L1_WEIGHT,
    POOL_SIZE,
    TRANSLATIONS,
    random_pairs,
)
from benchmarks.throughput.torch_loops import (
    adam,
    descend,
    run_contender,
    shuffled_batches,
    timed_loop,
)


class UNet(nn.Module):
    def __init__(self, side, width):
        super().__init__()
        depth = side.bit_length() - 1
        channels = [width * min(2**i, 8) for i in range(depth)]
        self.first = nn.Conv2d(3, width, 4, 2, padding=1, bias=False)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        for i in range(1, depth):
            layers = [nn.LeakyReLU(0.2)]
            layers += [nn.Conv2d(channels[i - 1], channels[i], 4, 2, padding=1, bias=False)]
            layers += [nn.BatchNorm2d(channels[i])] if i < depth - 1 else []
            self.down.append(nn.Sequential(*layers))
        for i in reversed(range(depth - 1)):
            inputs = channels[i + 1] * (1 if i == depth - 2 else 2)
            layers = [nn.ReLU(inplace=i < depth - 2)]
            layers += [nn.ConvTranspose2d(inputs, channels[i], 4, 2, padding=1, bias=False)]
            layers += [nn.BatchNorm2d(channels[i])]
            layers += [nn.Dropout(0.5)] if i >= max(depth - 4, 2) else []
            self.up.append(nn.Sequential(*layers))
        last = nn.ConvTranspose2d(2 * width, 3, 4, 2, padding=1)
        self.last = nn.Sequential(nn.ReLU(inplace=True), last, nn.Tanh())

    def forward(self, x):
        skips = [self.first(x)]
        for layer in self.down:
            skips.append(layer(skips[-1]))
        x = skips.pop()
        for layer in self.up:
            x = torch.cat([skips.pop(), layer(x)], dim=1)
        return self.last(x)


def patchgan(channels, receptive_field, width, norm):
    """`norm` is a class; a bias stands where it has none of its own."""
    bias = norm is nn.InstanceNorm2d
    halvings = {16: 1, 34: 2, 70: 3}[receptive_field]
    layers = [nn.Conv2d(channels, width, 4, 2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
    inputs = width
    for i in range(1, halvings + 1):
        outputs = width * min(2**i, 8)
        layers.append(nn.Conv2d(inputs, outputs, 4, 2 if i < halvings else 1, 1, bias=bias))
        layers += [norm(outputs), nn.LeakyReLU(0.2, inplace=True)]
        inputs = outputs
    return nn.Sequential(*layers, nn.Conv2d(inputs, 1, 4, padding=1))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        layers = []
        for _ in range(2):
            layers += [nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3)]
            layers += [nn.InstanceNorm2d(channels), nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers[:-1])

    def forward(self, x):
        return x + self.layers(x)


def resnet(width, blocks):
    def normalized(convolution):
        norm = nn.InstanceNorm2d(convolution.out_channels)
        return [convolution, norm, nn.ReLU(inplace=True)]

    return nn.Sequential(
        nn.ReflectionPad2d(3),
        *normalized(nn.Conv2d(3, width, 7)),
        *normalized(nn.Conv2d(width, 2 * width, 3, 2, padding=1)),
        *normalized(nn.Conv2d(2 * width, 4 * width, 3, 2, padding=1)),
        *(Residual(4 * width) for _ in range(blocks)),
        *normalized(nn.ConvTranspose2d(4 * width, 2 * width, 3, 2, 1, output_padding=1)),
        *normalized(nn.ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1)),
        nn.ReflectionPad2d(3),
        nn.Conv2d(width, 3, 7),
        nn.Tanh(),
    )


def prepare(*networks):
    for network in networks:
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.normal_(module.weight, 0.0, 0.02)
        network.to(memory_format=torch.channels_last).train()
    return networks


def batches(window, size):
    return shuffled_batches(random_pairs(window, size.image_shape), window)


def pix2pix_torch(window, size):
    generator, discriminator = prepare(
        UNet(size.side, size.width), patchgan(6, size.receptive_field, size.width, nn.BatchNorm2d)
    )
    generator_optimizer, discriminator_optimizer = adam(generator), adam(discriminator)

    def step(source, target):
        fake = generator(source)
        real_scores = discriminator(torch.cat([source, target], dim=1))
        fake_scores = discriminator(torch.cat([source, fake.detach()], dim=1))
        discriminator_loss = 0.5 * (softplus(-real_scores).mean() + softplus(fake_scores).mean())
        descend(discriminator_optimizer, discriminator_loss)
        discriminator.requires_grad_(False)
        generator_loss = softplus(-discriminator(torch.cat([source, fake], dim=1))).mean()
        generator_loss = generator_loss + L1_WEIGHT * l1_loss(fake, target)
        descend(generator_optimizer, generator_loss)
        discriminator.requires_grad_(True)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, batches(window, size)), generator, discriminator


class Pool:
    """Earlier fakes, in a list."""

    def __init__(self):
        self.images = []

    def __call__(self, images):
        shown = []
        for image in images.detach():
            if len(self.images) < POOL_SIZE:
                self.images.append(image)
            elif random.random() < 0.5:
                slot = random.randrange(POOL_SIZE)
                image, self.images[slot] = self.images[slot], image
            shown.append(image)
        return torch.stack(shown).contiguous(memory_format=torch.channels_last)


def cyclegan_torch(window, size):
    g, f = prepare(*(resnet(size.width, size.blocks) for _ in "gf"))
    d_a, d_b = prepare(
        *(patchgan(3, size.receptive_field, size.width, nn.InstanceNorm2d) for _ in "ab")
    )
    generator_optimizer, discriminator_optimizer = adam(g, f), adam(d_a, d_b)
    pool_a, pool_b = Pool(), Pool()

    def step(a, b):
        for discriminator in (d_a, d_b):
            discriminator.requires_grad_(False)
        fake_b, fake_a = g(a), f(b)
        generator_loss = (
            (d_b(fake_b) - 1).square().mean()
            + (d_a(fake_a) - 1).square().mean()
            + CYCLE_WEIGHT * (l1_loss(f(fake_b), a) + l1_loss(g(fake_a), b))
            + IDENTITY_WEIGHT * (l1_loss(g(b), b) + l1_loss(f(a), a))
        )
        descend(generator_optimizer, generator_loss)
        for discriminator in (d_a, d_b):
            discriminator.requires_grad_(True)
        fake_a, fake_b = pool_a(fake_a), pool_b(fake_b)
        discriminator_loss = 0.5 * sum(
            (d(real) - 1).square().mean() + d(fake).square().mean()
            for d, real, fake in ((d_a, a, fake_a), (d_b, b, fake_b))
        )
        descend(discriminator_optimizer, discriminator_loss)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, batches(window, size)), g, f, d_a, d_b


CONTENDERS = {
    f"{part}_torch": functools.partial(
        pix2pix_torch if part.startswith("pix2pix") else cyclegan_torch, size=size
    )
    for part, size in TRANSLATIONS.items()
}


if __name__ == "__main__":
    run_contender(__doc__.splitlines()[0], CONTENDERS)
