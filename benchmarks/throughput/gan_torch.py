"""The PyTorch contenders of the throughput benchmark: the same DCGAN in a loop written by hand.

What an expert writes: channels-last memory, the fused Adam, one generator forward per step, and no
weight gradients of the discriminator in the generator's phase.
"""

import itertools

import torch
from torch import nn
from torch.nn.functional import softplus

from benchmarks.throughput.protocol import IMAGE_SHAPE, LATENT_DIM, WIDTH, random_images
from benchmarks.throughput.torch_loops import (
    adam,
    descend,
    run_contender,
    shuffled_batches,
    timed_loop,
)

CHANNELS = IMAGE_SHAPE[-1]


def dcgan_generator():
    widths = [8 * WIDTH, 4 * WIDTH, 2 * WIDTH, WIDTH]
    layers = [nn.ConvTranspose2d(LATENT_DIM, widths[0], 4, bias=False)]
    for inputs, outputs in zip(widths, [*widths[1:], CHANNELS], strict=True):
        layers += [nn.BatchNorm2d(inputs), nn.ReLU(inplace=True)]
        layers += [nn.ConvTranspose2d(inputs, outputs, 4, 2, padding=1, bias=False)]
    return nn.Sequential(*layers, nn.Tanh())


def dcgan_discriminator():
    widths = [WIDTH, 2 * WIDTH, 4 * WIDTH, 8 * WIDTH]
    layers = [nn.Conv2d(CHANNELS, WIDTH, 4, 2, padding=1, bias=False)]
    layers += [nn.LeakyReLU(0.2, inplace=True)]
    for inputs, outputs in itertools.pairwise(widths):
        layers += [nn.Conv2d(inputs, outputs, 4, 2, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(outputs), nn.LeakyReLU(0.2, inplace=True)]
    return nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 4, bias=False))


def initialize(module):
    """The DCGAN paper's initial values, as the Keras networks have them."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)


def dcgan_torch(window, compile_networks=False, tuned=True):
    generator, discriminator = dcgan_generator(), dcgan_discriminator()
    for network in (generator, discriminator):
        network.apply(initialize).to(memory_format=torch.channels_last).train()
    generator_optimizer = adam(generator, fused=tuned)
    discriminator_optimizer = adam(discriminator, fused=tuned)
    if compile_networks:
        generator.compile()
        discriminator.compile()

    def step(real):
        fake = generator(torch.randn(window.batch_size, LATENT_DIM, 1, 1))
        real_scores, fake_scores = discriminator(real), discriminator(fake.detach())
        discriminator_loss = softplus(-real_scores).mean() + softplus(fake_scores).mean()
        descend(discriminator_optimizer, discriminator_loss)
        # No gradients for weights that do not move now.
        discriminator.requires_grad_(not tuned)
        generator_loss = softplus(-discriminator(fake)).mean()
        descend(generator_optimizer, generator_loss)
        discriminator.requires_grad_(True)
        return discriminator_loss, generator_loss

    batches = shuffled_batches([random_images(window)], window)
    return timed_loop(step, window, batches), generator, discriminator


def dcgan_torch_plain(window):
    """In the form of PyTorch's own DCGAN example: stock Adam, and the discriminator not frozen."""
    return dcgan_torch(window, tuned=False)


def dcgan_torch_compile(window):
    return dcgan_torch(window, compile_networks=True)


CONTENDERS = {
    function.__name__: function
    for function in (dcgan_torch, dcgan_torch_plain, dcgan_torch_compile)
}


if __name__ == "__main__":
    run_contender(__doc__.splitlines()[0], CONTENDERS)
