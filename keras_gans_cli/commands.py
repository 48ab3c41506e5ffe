"""The commands of `keras-gans`, and the programs that they start."""

import sys

# Programs by their commands, with what each does to what follows.
TRAINED = {
    "dcgan": ("dcgan", "images, by clusters of those that look alike"),
    "conditional": ("conditional", "images of classes"),
    "progressive": ("progressive", "images, by networks that grow"),
    "infogan": ("infogan", "images, and codes that turn one property each"),
    "pix2pix": ("pix2pix", "images from images, of pairs"),
    "cyclegan": ("cyclegan", "images from images, without pairs"),
    "srgan": ("super_resolution", "larger photographs from small ones"),
    "srgan-paper": ("srgan_paper", "the same by the whole schedule of the paper"),
    "autoencoders": ("autoencoders", "encoders and decoders, and the noise they remove"),
    "semi-supervised": ("semi_supervised", "a classifier of images with few labels"),
    "sparse-coding": ("sparse_coding", "dictionaries of patches of photographs"),
    "semantic-hashing": ("semantic_hashing", "binary codes of images that are alike"),
}
COMMANDS = {
    "generate": ("generate", "images of a trained model, as files"),
    "translate": ("translate", "a folder of images by a trained model"),
    "upscale": ("upscale", "a photograph or a folder of them"),
    "evaluate": ("evaluate", "a folder or a model, by scores against real images"),
    "human-evaluation": ("human_evaluation", "make the page that asks people which image is real"),
    "export": ("export", "a trained model as a SavedModel"),
    "publish": ("publish", "a trained model to a folder that TensorFlow Serving watches"),
    "explore": ("explore", "look around in a trained model, in the browser"),
    "report": ("report", "a run on one page"),
    "new": ("new", "begin a variant of one's own, with its test"),
}


def command_of(name):
    """How the program of a module was started: its command, or `python -m applications.NAME`."""
    started = sys.modules["__main__"].__spec__
    if started is not None and started.name == f"applications.{name}":
        return f"python -m {started.name}"
    for command, (program, _) in COMMANDS.items():
        if program == name:
            return f"keras-gans {command}"
    command = next(command for command, (program, _) in TRAINED.items() if program == name)
    return f"keras-gans train {command}"
