"""What every conditional model is told of data and requests that it cannot use, before a step."""

import functools

import keras
import numpy as np
import pytest

from keras_gans.data import ImageDataset
from keras_gans.layers import MaskingNoise
from keras_gans.models import Autoencoder
from keras_gans.samples import Images
from tests.backends import shown_on_tensorflow
from tests.harness import assert_equal, coders, conditional_gan, dense_gan, everything, images
from tests.models.test_acgan import acgan
from tests.models.test_bigan import ali, bigan
from tests.models.test_denoising_autoencoder import denoising
from tests.models.test_infogan import infogan
from tests.models.test_latent_model import coded
from tests.models.test_semi_supervised_gan import semi_supervised
from tests.models.test_variational_autoencoder import variational

pytestmark = shown_on_tensorflow("what the host looks at is the same on every backend")

PIXELS, IDS = images(6, (4, 4, 1)), np.array([0, 1, 2, 0, 1, 2], "int32")

BUILD = {
    "GAN": conditional_gan,
    "ACGAN": acgan,
    "InfoGAN": lambda: infogan(labels=3),
    "BiGAN": ali,
    "VariationalAutoencoder": lambda: variational(labels=3),
    "SemiSupervisedGAN": semi_supervised,
    "plain GAN": dense_gan,
    "plain InfoGAN": infogan,
    "plain BiGAN": bigan,
    "plain Autoencoder": lambda: Autoencoder(*coders(), 4, samples=Images((0, 1))),
    "plain DenoisingAutoencoder": lambda: denoising(MaskingNoise(0.3)),
    "plain VariationalAutoencoder": variational,
    "GAN of poses": lambda: coded(vector=True),
}
LABELLED = [name for name in BUILD if " " not in name]
PLAIN = [name for name in BUILD if name.startswith("plain")]
FROM_LABELS = [name for name in LABELLED if name != "SemiSupervisedGAN"]
READERS = {
    "ACGAN": ("classify",),
    "SemiSupervisedGAN": ("classify",),
    "InfoGAN": ("recognize",),
    "BiGAN": ("encode", "reconstruct"),
    "VariationalAutoencoder": ("encode", "reconstruct"),
}
READ = [(name, method) for name, methods in READERS.items() for method in methods]


@functools.cache
def built(name):
    keras.utils.set_random_seed(0)
    model = BUILD[name]()
    model.compile()
    return model, everything(model)


@pytest.fixture
def told():
    """Calls a method of a model, which has to end in a sentence and to leave the model alone."""

    def call(name, method, sentence, *given, error=ValueError, **arguments):
        model, start = built(name)
        with pytest.raises(error, match=sentence) as raised:
            getattr(model, method)(*given, **arguments)
        said = str(raised.value)
        assert said.endswith((".", ")")) and "\n" not in said, said
        assert model.train_function is None, "a step was compiled"
        assert_equal(start, everything(model))

    return call


@pytest.mark.parametrize("name", LABELLED)
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (([*PIXELS], IDS), "a list of arrays as one array, by `np.stack`"),
        ((PIXELS, IDS + 1), "to 2, but 3 is one. Pass ids of classes that the networks know"),
        ((PIXELS, IDS - 2), "to 2, but -2 is one. Pass ids"),
        ((PIXELS, IDS[:5]), r"one row for each of the 6 images, .* is \[5\]. Leave out"),
        ((PIXELS, np.repeat(IDS, 2)), r"one row for each of the 6 images, .* is \[12\]"),
        ((PIXELS, IDS / 2), r"whole numbers, .* dtype is float64. Convert it"),
        ((PIXELS, np.eye(3)[IDS]), r"shape \(n,\), but it is \(4, 3\). .* take `.argmax\(1\)`"),
        ((PIXELS, IDS[:, None]), r"but it is \(4, 1\). Take `\[:, 0\]` of it"),
        ((PIXELS, [*"abcabc"]), "dtype is <U1. Number the classes from 0, as by `np.unique"),
        ((PIXELS, [[0], [1, 2], [0], [1], [2], [0]]), "rows of `labels` to have one shape"),
        ((PIXELS, 1), "`labels` to have one row for each sample, but it is one value, 1"),
        ((PIXELS, {"labels": 1}), "`labels` to have one row for each sample"),
        ((PIXELS, {"digits": IDS}), r"reads labels .* labels is missing .* Pass fit\(images, lab"),
        ((PIXELS,), r"reads labels .* labels is missing in `x`. Pass fit\(images, labels\)"),
        ((ImageDataset(PIXELS, 4),), "labels is missing in `x`. Pass"),
        (((PIXELS, IDS),), r"`x` to be images, but it is a tuple of 2. Pass .*fit\(images, labels"),
        ((PIXELS, np.full(6, -1)), "-1 stands for no label.*leave it out|None of the 6 images"),
        ((PIXELS[:, 1:], IDS), r"images of shape \[n, 4, 4, 1\], .* \[4, 3, 4, 1\]. Pass images"),
        ((PIXELS.astype("int32"), IDS), "its dtype is int32. Convert it"),
        ((PIXELS * 1.0, IDS), r"to lie in \[.*\], but they range .* Pass uint8 images"),
    ],
)
def test_data_that_no_model_of_labels_can_learn_from(told, name, data, sentence):
    told(name, "fit", sentence, *data, batch_size=4, verbose=0)


@pytest.mark.parametrize("name", FROM_LABELS)
def test_unlabelled_images_among_others_are_for_a_semi_supervised_model_alone(told, name):
    ids = np.where(IDS > 1, -1, IDS)
    told(name, "fit", "-1 stands for no label, which this model has", PIXELS, ids, verbose=0)


@pytest.mark.parametrize("name", LABELLED)
def test_a_class_that_no_image_has(told, name):
    pixels, ids = images(30, (4, 4, 1)), np.resize([0, 2], 30)
    ids[5] = -1 if name == "SemiSupervisedGAN" else 0  # No label is no class.
    sentence = "None of the 30 images in `x` has 1 for its `labels`, of 3 .* Add some of each, or"
    told(name, "fit", sentence, pixels, ids, error=UserWarning, verbose=0)
    built(name)[0].compile()  # Which forgets that it has said so.


@pytest.mark.parametrize("name", FROM_LABELS)
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"num_images": 3}, r"reads labels; labels is missing: generate\(labels=\[0, 1, 2\]\)"),
        ({"num_images": 3, "labels": None}, "reads labels; labels is missing"),
        ({"labels": [0, 3]}, "from 0 to 2, but 3 is one. Pass ids of classes"),
        ({"labels": [0, -1]}, "-1 stands for no label, which this model has no use for: leave it"),
        ({"labels": [0.5]}, "whole numbers, .* float64. Convert it"),
        ({"labels": np.eye(3, dtype="int32")}, r"but it is \(3, 3\). .* `.argmax\(1\)`"),
        ({"labels": [[0], [0, 1]]}, "rows of `labels` to have one shape, but they have several"),
        ({"labels": [0, None]}, r"all ids of classes, or all names of them.*\[0, None\]. Make"),
        ({"labels": ["coat"]}, "No class is known as 'coat': pass ids"),
        ({"num_images": 3, "labels": [0, 1]}, "numbers of samples: 3 by num_images, 2 by labels"),
        ({"num_images": -1, "labels": 0}, "num_images is a whole number from 0 on; it was -1"),
        ({"num_images": 2.5, "labels": 0}, "num_images is a whole number from 0 on; it was 2.5"),
        ({"labels": 0}, "needs `num_images` or `latents`"),
        ({"labels": [0], "seed": -1}, "seed is a whole number from 0 on; it was -1"),
        ({"labels": [0], "batch_size": 0}, "batch_size is a whole number from 1 on; it was 0"),
    ],
)
def test_requests_that_no_model_of_labels_can_meet(told, name, arguments, sentence):
    told(name, "generate", sentence, **arguments)


@pytest.mark.parametrize("name", FROM_LABELS)
def test_no_images_of_a_class_are_none(name):
    made = built(name)[0].generate(0, labels=1)
    assert made.shape == (0, 4, 4, 1)


@pytest.mark.parametrize(("name", "method"), READ)
@pytest.mark.parametrize(
    ("given", "arguments", "sentence"),
    [
        (PIXELS[:, 1:], {}, r"images of shape \[n, 4, 4, 1\], .* \[6, 3, 4, 1\]. Pass images"),
        (PIXELS[0], {}, r"has shape \[4, 4, 1\]. Add the batch axis: `images\[None\]`"),
        (PIXELS.astype("int32"), {}, "its dtype is int32. Convert it"),
        (PIXELS * 1.0, {}, r"to lie in \[.*\], but they range .* Pass uint8 images"),
        (PIXELS * np.nan, {}, "finite pixels, but 96 of 96 are NaN .* Find where"),
        ([PIXELS[0], PIXELS[0, 1:]], {}, "rows of `images` to have one shape"),
        ("a.png", {}, "takes an array of images, and this is a str"),
        (PIXELS, {"batch_size": 0}, "batch_size is a whole number from 1 on; it was 0"),
    ],
)
def test_images_that_cannot_be_read(told, name, method, given, arguments, sentence):
    labels = {} if method == "classify" else {"labels": 0}
    told(name, method, sentence, given, **labels, **arguments)


@pytest.mark.parametrize(("name", "method"), [pair for pair in READ if pair[1] != "classify"])
@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (None, "reads labels; labels is missing: "),
        (IDS + 1, "from 0 to 2, but 3 is one. Pass ids"),
        (IDS - 1, "-1 stands for no label"),
        (IDS[:4], "was given 6 samples and 4 labels: pass as many, or one value for all"),
        (IDS / 2, "whole numbers, .* Convert it"),
    ],
)
def test_labels_that_cannot_be_read_beside_images(told, name, method, labels, sentence):
    told(name, method, sentence, PIXELS, labels=labels)


@pytest.mark.parametrize("name", PLAIN)
def test_labels_for_a_model_that_reads_none(told, name):
    sentence = r"of \w+ reads no conditions; it was given 'labels'. Leave it out"
    told(name, "generate", rf"generate\(\) {sentence}", 2, labels=0, error=TypeError)
    for method in ("encode", "reconstruct", "recognize"):
        if hasattr(built(name)[0], method):
            told(name, method, rf"{method}\(\) {sentence}", PIXELS, labels=0, error=TypeError)
    # Sets of labelled images train such a model, too: that is said, and no more.
    told(name, "fit", "reads images alone: y is not used", PIXELS, IDS, error=UserWarning)
    built(name)[0].compile()


def test_a_classifier_is_not_told_the_labels(told):
    for name in ("ACGAN", "SemiSupervisedGAN"):
        with pytest.raises(TypeError, match="'labels'"):
            built(name)[0].classify(PIXELS, labels=IDS)
    sentence = r"generate\(\) of SemiSupervisedGAN reads no conditions; it was given 'labels'"
    told("SemiSupervisedGAN", "generate", sentence, 2, labels=0, error=TypeError)


POINTS = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")


@pytest.mark.parametrize(
    ("pose", "sentence"),
    [
        (POINTS[:, :2], r"`pose` to have the shape \(n, 3\), but it is \(6, 2\)"),
        (POINTS * np.nan, "`pose` to .*finite.* Find where they come from"),
        (POINTS.astype("U"), r"`pose` to hold numbers, .*Convert it"),
    ],
)
def test_vectors_that_are_no_condition(told, pose, sentence):
    told("GAN of poses", "fit", sentence, POINTS, {"pose": pose}, verbose=0)
    if pose.dtype.kind != "U":
        told("GAN of poses", "generate", sentence, 6, pose=pose)


def test_as_many_vectors_as_samples_are_wanted(told):
    told(
        "GAN of poses",
        "fit",
        "6 points in `x` and 5 pose: pass as many",
        POINTS,
        {"pose": POINTS[1:]},
        verbose=0,
    )
    told("GAN of poses", "fit", "reads pose beside the points.* Pass a dict of pose", POINTS)
    told("GAN of poses", "generate", r"reads pose; pose is missing: generate\(pose", 2)
    sentence = "3 by num_images, 6 by pose"
    told("GAN of poses", "generate", sentence, 3, pose=POINTS)
