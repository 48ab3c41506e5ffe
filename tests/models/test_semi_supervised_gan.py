"""A classifier that learns from images without labels, beside a generator."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.data import ImageDataset
from keras_gans.models import SemiSupervisedGAN
from tests.harness import (
    Averages,
    Conditions,
    DrawsLatents,
    Exports,
    FromLatents,
    Harness,
    assert_equal,
    images,
    labels,
    numpy_of,
    state_of,
)


def networks():
    generator = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(8, activation="relu"),
            layers.Dense(16, activation="tanh", dtype="float32"),
            layers.Reshape((4, 4, 1)),
        ]
    )
    x = keras.Input((4, 4, 1), name="images")
    features = layers.Dense(8, activation="softplus")(layers.Flatten()(x))
    logits = layers.Dense(3, dtype="float32")(layers.Dropout(0.3, seed=2)(features))
    return generator, keras.Model(x, {"logits": logits, "features": features})


def semi_supervised(**arguments):
    return SemiSupervisedGAN(*networks(), 4, **{"seed": 3, **arguments})


def half_labelled(n):
    ids = labels(n, 3)
    ids[1::2] = -1
    return ids


PIXELS, IDS = images(10, (4, 4, 1)), half_labelled(10)


class TestSemiSupervisedGAN(FromLatents, Conditions, DrawsLatents, Averages, Exports, Harness):
    players = ("classifier", "generator")
    logs = ("supervised", "unsupervised", "accuracy")
    classes = 3
    takes_unlabelled = True
    averaged = "classifier"
    inferred = "float32"

    def build(self, **arguments):
        return semi_supervised(ema_decay=0.5, **arguments)

    def arrays(self, n=10):
        return images(n, self.image_shape), half_labelled(n)

    def inputs(self, n=3):
        return images(n, self.image_shape).astype("float32") / 127.5 - 1

    def infer(self, model, n=3, seed=0):
        return model.told(images(n, self.image_shape))["probabilities"]

    def requests(self, model, n=3):
        pixels = images(n, self.image_shape)
        return {**super().requests(model, n), "classify": ({"images": pixels}, model.told(pixels))}

    def test_labels_decide_what_is_generated(self, model):
        """Not here: no label is read."""
        with pytest.raises(TypeError, match="reads no conditions; it was given 'labels'"):
            model.generate(3, labels=0)

    def test_the_average_of_the_generator_is_what_generates(self, model):
        self.fit(model)
        latents = model.draw_latents(3, seed=0)
        made = ops.convert_to_numpy(model.averaged_generator(latents))
        assert_equal([model.generate(latents=latents)], [model.samples.to_outside(made)])

    def test_prediction_tells_how_likely_each_class_is(self, model):
        likely = model.predict(self.inputs(7), verbose=0)
        np.testing.assert_allclose(likely.sum(-1), 1, rtol=1e-5)
        np.testing.assert_allclose(likely, self.infer(model, 7), rtol=1e-5)
        np.testing.assert_allclose(likely, model.predict(images(7, (4, 4, 1)), verbose=0), 1e-5)


def expected_terms(logits, fake_logits, ids, weight=1.0):
    """Section 5 of the paper, with the probabilities of K + 1 classes, of which one is generated.

    The batch's unlabelled images stand for all, or where there are none all of its images.
    """

    def probabilities(scores):
        exponentials = np.exp(np.concatenate([scores, np.zeros((len(scores), 1))], axis=1))
        return exponentials / exponentials.sum(axis=1, keepdims=True)

    real, fake = probabilities(logits), probabilities(fake_logits)
    labelled = np.flatnonzero(ids >= 0)
    others = np.flatnonzero(ids < 0) if (ids < 0).any() else np.arange(len(ids))
    of_label = real[labelled, ids[labelled]] / (1 - real[labelled, -1])
    supervised = -np.log(of_label).mean() if labelled.size else 0.0
    unsupervised = -np.log(1 - real[others, -1]).mean() - np.log(fake[:, -1]).mean()
    return {"supervised": supervised, "unsupervised": weight / 2 * unsupervised}


@pytest.mark.parametrize(
    "ids", [[0, -1, 2, -1], [0, 1, 2, 2], [-1, -1, -1, -1]], ids=["some", "all", "none"]
)
def test_the_losses_are_those_of_the_paper(ids):
    model, ids = semi_supervised(unlabelled_weight=3.0), np.array(ids, "int32")
    batch = model.batch((PIXELS[:4], ids))
    fake = ops.convert_to_tensor(
        np.tanh(np.random.default_rng(5).normal(size=(4, 4, 4, 1))), "float32"
    )
    seen, seen_fake = model.classifier(batch.samples), model.classifier(fake)
    terms = model.classifier_terms(batch, fake, training=False)
    expected = expected_terms(numpy_of(seen["logits"]), numpy_of(seen_fake["logits"]), ids, 3.0)
    for name, value in expected.items():
        assert numpy_of(terms[name]) == pytest.approx(value, rel=1e-5), name
    features, made = numpy_of(seen["features"]), numpy_of(seen_fake["features"])
    difference = features[ids < 0 if (ids < 0).any() else ids >= 0].mean(0) - made.mean(0)
    for matching, distance in (("squared", difference**2), ("absolute", abs(difference))):
        model.matching = matching
        loss = model.generator_loss(batch, fake, training=False)
        assert numpy_of(loss) == pytest.approx(distance.mean(), rel=1e-5)


def test_the_losses_are_finite_where_scores_are_huge():
    model = semi_supervised()
    batch = model.batch((PIXELS[:4], IDS[:4]))
    model.classifier.layers[-1].kernel.assign(1e4 * np.ones((8, 3)))
    terms = model.classifier_terms(batch, batch.samples, training=False)
    assert np.isfinite([numpy_of(term) for term in terms.values()]).all()


def test_accuracy_is_the_share_of_the_labelled_images_of_all_batches():
    model = semi_supervised(ema_decay=0.5)
    model.compile()
    pixels, ids = images(20, (4, 4, 1)), labels(20, 3)
    ids[8:16] = -1  # A batch without labels, and one of four.
    told = model.classify(pixels)
    expected = (told == ids)[ids >= 0].mean()
    scores = model.evaluate(pixels, ids, batch_size=8, verbose=0, return_dict=True)
    assert scores["accuracy"] == pytest.approx(expected)
    model.classifier.set_weights([0 * w for w in model.classifier.get_weights()])
    again = model.evaluate(pixels, ids, batch_size=8, verbose=0, return_dict=True)
    assert again == pytest.approx(scores), "the averaged classifier is what is scored"
    history = model.fit(
        pixels, ids, batch_size=8, verbose=0, validation_data=(pixels[:8], ids[:8])
    ).history
    assert {"accuracy", "val_accuracy", "val_supervised"} <= history.keys()


def test_half_of_each_batch_is_labelled_where_few_images_are():
    model, ids = semi_supervised(), np.full(400, -1, "int32")
    ids[[7, 9]] = 1, 2
    pixels = images(400, (4, 4, 1))
    dataset, _ = model.in_seeded_order(pixels, ids, 40, True)
    assert len(dataset) == 10
    for i in range(10):
        _, fields = dataset[i]
        assert 6 < (fields["labels"] >= 0).sum() < 34
    plain, _ = model.in_seeded_order(pixels, ids, 40, False)
    assert_equal([np.concatenate([plain[i][1]["labels"] for i in range(10)])], [ids])
    more, _ = model.in_seeded_order(pixels, np.where(ids < 0, 0, -1), 40, True)
    assert len({*more.order(0)}) == 400, "enough are labelled, and each image comes once"
    given = ImageDataset(pixels, 40, fields={"labels": ids}, seed=model.seed)
    as_arrays, _ = model.in_seeded_order(given, None, None, True)
    np.testing.assert_array_equal(as_arrays.order(3), dataset.order(3))
    assert len({*given.order(3)}) == 400, "that of the caller stays as it is"
    for own in (
        given.weighted(np.ones(400)),
        ImageDataset(pixels, fields={"labels": ids}, shuffle=False),
    ):
        assert model.in_seeded_order(own, None, None, True)[0] is own


def test_two_zipped_data_sets_are_one_with_labels_of_none():
    tf = pytest.importorskip("tensorflow")

    def trained(data):
        keras.utils.set_random_seed(1)
        model = semi_supervised()
        model.compile()
        model.fit(data, epochs=2, verbose=0, shuffle=False)
        return state_of(model.weights)

    others = images(6, (4, 4, 1))[::-1]
    labelled = tf.data.Dataset.from_tensor_slices((PIXELS[:6:2], IDS[:6:2])).batch(1)
    unlabelled = tf.data.Dataset.from_tensor_slices(others).batch(2)
    joined = [
        (
            np.concatenate([PIXELS[2 * i : 2 * i + 1], others[2 * i : 2 * i + 2]]),
            [IDS[2 * i], -1, -1],
        )
        for i in range(3)
    ]
    x, y = (np.concatenate(part) for part in zip(*joined, strict=True))
    together = tf.data.Dataset.from_tensor_slices((x, y.astype("int32"))).batch(3)
    zipped = tf.data.Dataset.zip((labelled, unlabelled))
    assert_equal(trained(zipped), trained(together))
    model = semi_supervised()
    pixels, ids = model.parts(((PIXELS, IDS), others))
    assert_equal([pixels, ids], [np.concatenate([PIXELS, others]), [*IDS, *[-1] * 6]])
    pixels, ids = model.parts(((PIXELS, IDS.astype("uint8")), others))
    assert_equal([ids[-6:]], [[-1] * 6])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ((PIXELS, np.full(10, -1)), "None of the 10 images in `x` has a label"),
        ((ImageDataset(PIXELS, 4, fields={"labels": np.full(10, -1)}),), "None of the 10 images"),
        ((PIXELS,), "labels is missing"),
        ((PIXELS, np.full(10, -2)), "from -1 to 2, but -2 is one"),
        ((PIXELS, np.full(10, 3)), "from -1 to 2, but 3 is one"),
        ((PIXELS, np.eye(10)[:, :3].astype("int32")), r"`.argmax\(1\)`"),
        ((PIXELS, IDS.astype("float32")), "whole numbers"),
        (((PIXELS, IDS), PIXELS / np.float32(127.5) - 1), "to be alike, but they are uint8"),
        (((PIXELS, {"names": IDS}), PIXELS), "the first images have no labels"),
    ],
)
def test_data_that_it_cannot_learn_from_are_told(data, sentence):
    model = semi_supervised()
    model.compile()
    with pytest.raises(ValueError, match=sentence):
        model.fit(*data, batch_size=4, verbose=0)
    assert model.steps_taken("classifier") == 0


def test_networks_that_do_not_fit_are_told_at_once():
    generator, classifier = networks()
    x = keras.Input((4, 4, 1))
    plain = keras.Sequential([x, layers.Flatten(), layers.Dense(3)])
    wide = keras.Input((5, 5, 1), name="images")
    flat = layers.Flatten()(wide)
    wide = keras.Model(wide, {"logits": layers.Dense(3)(flat), "features": flat})
    latents, ids = keras.Input((4,), name="latents"), keras.Input((), dtype="int32", name="labels")
    made = generator(latents) + layers.Reshape((1, 1, 1))(layers.Embedding(3, 1)(ids))
    conditional = keras.Model([latents, ids], made)
    for given, sentence in (
        ((generator, plain), "This one makes no dict"),
        ((generator, wide), r"the classifier takes images of \(5, 5, 1\)"),
        ((conditional, classifier), "this one reads latents, labels"),
    ):
        with pytest.raises(ValueError, match=sentence):
            SemiSupervisedGAN(*given, 4)
    with pytest.raises(ValueError, match="matching is one of squared, absolute; it was 'l1'"):
        SemiSupervisedGAN(generator, classifier, 4, matching="l1")
