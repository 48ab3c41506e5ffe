"""The loops by hand train the same networks as the library."""

import pytest

from benchmarks.throughput.__main__ import CONTENDERS
from benchmarks.throughput.protocol import SMALL, TRANSLATIONS, UPSCALINGS
from keras_gans.networks import (
    patchgan_discriminator,
    resnet_generator,
    srgan_discriminator,
    srresnet,
    unet_generator,
)


def sizes(module):
    return sorted(tuple(p.shape) for p in module.parameters())


def sizes_of_keras(network):
    """Kernels in the order of PyTorch: [height, width, a, b] there is [b, a, height, width]."""
    shapes = [v.shape if v.name != "alpha" else v.shape[-1:] for v in network.trainable_variables]
    return sorted((*s[:1:-1], *s[:2]) if len(s) == 4 else tuple(s[::-1]) for s in shapes)


def test_the_networks_of_pytorch_have_the_weights_of_those_of_the_library():
    pytest.importorskip("torch", reason="the loop is PyTorch's")
    from torch import nn

    from benchmarks.throughput.translation_torch import UNet, patchgan, resnet
    from benchmarks.throughput.upscaling_torch import SRResNet, discriminator_of

    upscaling = UPSCALINGS["srgan"]
    sides = (upscaling.patch_size, upscaling.patch_size)
    shape, width, field = SMALL.image_shape, SMALL.width, SMALL.receptive_field
    pairs = [
        (UNet(SMALL.side, width), unet_generator(shape, width=width)),
        (resnet(width, SMALL.blocks), resnet_generator(shape, None, width, SMALL.blocks)),
        (
            patchgan(6, field, width, nn.BatchNorm2d),
            patchgan_discriminator((*shape[:2], 6), field, width),
        ),
        (
            patchgan(3, field, width, nn.InstanceNorm2d),
            patchgan_discriminator(shape, field, width, "instance"),
        ),
        (
            SRResNet(upscaling.blocks, upscaling.width),
            srresnet(upscaling.scale, upscaling.blocks, upscaling.width),
        ),
        (
            discriminator_of(upscaling.patch_size, upscaling.width),
            srgan_discriminator((*sides, 3), upscaling.width),
        ),
    ]
    for module, network in pairs:
        assert sizes(module) == sizes_of_keras(network)


@pytest.mark.parametrize(
    "parts, family", [(TRANSLATIONS, "translation"), (UPSCALINGS, "upscaling")]
)
def test_every_translator_has_its_three_contenders(parts, family):
    names = {contender.name for contender in CONTENDERS}
    for part in parts:
        assert {f"{part}_fit", f"{part}_loop", f"{part}_torch"} <= names
    modules = {contender.module for contender in CONTENDERS if contender.part in parts}
    assert modules == {f"benchmarks.throughput.{family}_{b}" for b in ("tensorflow", "torch")}
