"""Train SRGAN by the whole schedule of its paper.

    keras-gans train srgan-paper --train PHOTOS

For a GPU, and for days. The first stage is SRResNet (16 blocks of width 64) on 16 patches of 96x96
a step, with a learning rate of 1e-4 for 1,000,000 steps; the second is SRGAN with the features of
VGG19 for 100,000 steps with that rate and as many with a tenth of it (Ledig et al. 2017,
arXiv:1609.04802, section 3.2). It writes what `keras-gans train srgan` writes, to
`runs/srgan_paper/`; enlarge photographs by that program.
"""

import math
import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.options import add_count, parse, run_parser
from keras_gans_cli.run import Run, begin, run_program, settings_of, training
from keras_gans_cli.super_resolution import add_photographs, photographs, train, vgg19_of

PROGRAM = command_of("srgan_paper")
RECIPE = {"scale": 4, "patch_size": 96, "batch_size": 16}


def options_of(arguments):
    parser = run_parser(PROGRAM, "Train SRGAN by the whole schedule of its paper.")
    parser.set_defaults(**RECIPE)
    add_photographs(parser, patches=16)
    parser.add_argument(
        "--features", default="vgg19", help='file of the weights of VGG19; "vgg19" downloads them'
    )
    add_count(parser, "steps", 1_000_000, "of the first stage")
    add_count(parser, "gan_steps", 200_000, "of the second stage")
    options = parse(parser, arguments)
    if options.train is None:
        parser.error("the following arguments are required: --train")
    return options


def prepare(options):
    """As in `keras-gans train srgan`."""
    import keras

    from keras_gans.networks import srresnet
    from keras_gans.presets import srgan

    begin(options)
    features = vgg19_of(options)
    training, validation = photographs(options)
    generator = srresnet(options.scale)
    model = srgan(
        options.scale, options.patch_size, generator, features=features, seed=options.seed
    )
    rate = keras.optimizers.schedules.PiecewiseConstantDecay([options.gan_steps // 2], [1e-4, 1e-5])
    model.compile(*(keras.optimizers.Adam(rate) for _ in model.players))
    settings = settings_of(options)
    for epochs, steps in (("epochs", "steps"), ("gan_epochs", "gan_steps")):
        settings[epochs] = math.ceil(settings[steps] / len(training))
    return model, 1e-4, training, validation, Run(options.output, settings, options.resume)


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
