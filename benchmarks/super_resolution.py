"""How far super-resolution gets on two cores, on the standard test sets.

    python -m benchmarks.super_resolution --data super-resolution --output FILE.md

Trains by the program of `applications` on the photographs of `Sun_Hays80` in the folder `--data`
alone, then enlarges those of `Set5` and `Set14` there four times, each as a whole. A run that is in
`--run` already is gone on with.
"""

import argparse
from pathlib import Path

import numpy as np

from benchmarks.sharpness import gradient_energy
from benchmarks.timed_run import minutes, run_timed

SETTINGS = ["--epochs", "40", "--gan-epochs", "3", "--precision", "mixed_bfloat16"]
PUBLISHED = {"Set5": 28.43, "Set14": 25.99}
STAGES = {"bicubic": "bicubic", "first": "first stage, SRResNet", "second": "second stage, SRGAN"}
SCALE = 4


def train(options):
    """Train by the program; returns its seconds."""
    command = ["applications.super_resolution", *SETTINGS]
    return run_timed([*command, "--train", str(options.data / "Sun_Hays80")], options.run)


def photographs(folder):
    """Grey files with one channel, as the field reads them, others with three."""
    from PIL import Image

    from keras_gans.data.super_resolution import read_photographs

    grey = set()
    for path in folder.iterdir():
        with Image.open(path) as image:
            if image.mode in ("L", "1"):
                grey.add(path.stem)
    images = read_photographs(folder, SCALE, 16, 3, lambda name: name not in grey)
    if grey:
        images += read_photographs(folder, SCALE, 16, 1, lambda name: name in grey)
    return images


def enlarged(model, small):
    """Grey images go through the network in three equal channels."""
    image = model.upscale(as_colour(small))
    return image if small.shape[-1] == 3 else image.mean(axis=-1, keepdims=True).astype("uint8")


def scores(originals, images, extractor):
    from keras_gans.metrics import FeatureDistance
    from keras_gans_cli.scores import values_of, values_on_luma

    values = values_on_luma(originals, images, SCALE)
    colour = ([as_colour(x)[None] for x in p] for p in zip(originals, images, strict=True))
    values |= values_of([FeatureDistance(extractor)], colour)
    energy = np.mean([gradient_energy(i[None]) for i in images])
    wanted = np.mean([gradient_energy(i[None]) for i in originals])
    return [*values.values(), float(energy / wanted)]


def as_colour(image):
    return image if image.shape[-1] == 3 else image.repeat(3, axis=-1)


def table(options):
    import keras

    from keras_gans import SRGAN
    from keras_gans.data import enlarge_image, reduce_image
    from keras_gans.networks import vgg19_features

    second = keras.saving.load_model(options.run / "model.keras", compile=False)
    first = SRGAN(
        keras.saving.load_model(options.run / "first_stage.keras", compile=False),
        second.discriminator,
        pixel_weight=1.0,
    )
    keras.utils.set_random_seed(0)
    extractor = vgg19_features("block3_conv4", weights=options.vgg19)
    lines = [
        "| set | enlarged by | PSNR on Y (dB) | over bicubic | SSIM on Y | feature distance | "
        "gradient energy, of the originals' |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in PUBLISHED:
        originals = photographs(options.data / name)
        small = [reduce_image(image, SCALE) for image in originals]
        made = {
            "bicubic": [enlarge_image(image, SCALE) for image in small],
            "first": [enlarged(first, image) for image in small],
            "second": [enlarged(second, image) for image in small],
        }
        rows = {stage: scores(originals, images, extractor) for stage, images in made.items()}
        for stage, (psnr, ssim, distance, energy) in rows.items():
            gain = psnr - rows["bicubic"][0]
            lines.append(
                f"| {name} | {STAGES[stage]} | {psnr:.2f} | {gain:+.2f} | {ssim:.4f} | "
                f"{distance:.4f} | {energy:.2f} |"
            )
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the three sets")
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_super_resolution"))
    parser.add_argument("--vgg19", help="file of the weights of VGG19; random ones without it")
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    options = parser.parse_args()
    seconds = train(options)
    features = "VGG19" if options.vgg19 else "a VGG19 of random weights (seed 0)"
    took = f"{minutes(seconds['clock'])}, {minutes(seconds['processor'])} of the processor"
    after = ", after a resumption" if seconds["resumed"] else ""
    options.output.write_text(
        "# Super-resolution\n\n"
        f"`python -m benchmarks.super_resolution --data {options.data.name}` on the machine of "
        "[README.md](README.md).\n\n"
        "Four times as large, by the networks of the program (SRResNet of 8 blocks of width 32) "
        f"trained with `{' '.join(SETTINGS)}` on the photographs of Sun_Hays80, a tenth held out "
        f"({took}{after}).\n\n"
        f"{table(options)}\n\nY without a border of 4 pixels; grey photographs as grey. Published "
        "for bicubic: Set5 28.43, Set14 25.99 dB. Feature distance: block3_conv4 of "
        f"{features}. Gradient energy: the mean squared difference of neighbouring pixels.\n"
    )
    print(options.output.read_text())


if __name__ == "__main__":
    main()
