"""A model of its own kind: what it states is exported and explored as it is."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.endpoints import Endpoint
from keras_gans.models import GAN
from keras_gans.samples import Images
from keras_gans.specs import Spec
from tests.backends import written_once
from tests.harness import dense_gan, images


class Autoencoder(GAN):
    """A GAN that encodes, reconstructs and classifies, too (no paper)."""

    def encode(self, images):
        return self.arrays(self.encoded(self.floats(images)))

    def floats(self, images):
        return self.samples.to_floats(images)

    def arrays(self, tensors):
        return {name: ops.convert_to_numpy(tensor) for name, tensor in tensors.items()}

    def encoded(self, images):
        flat = ops.reshape(images, (-1, 16))
        return {"latents": flat[:, :4], "means": ops.mean(flat, 1, keepdims=True)}

    def reconstructed(self, images):
        return {"images": self.generator(self.encoded(images)["latents"], training=False)}

    def classified(self, images):
        return {"labels": ops.cast(images[:, 0, 0, 0] > 0, "int32")}

    def endpoints(self, weights="averaged"):
        pictures = {"images": self.samples.spec((4, 4, 1))}

        def endpoint(function, outputs, networks, method):
            return Endpoint(function, pictures, outputs, networks, method, samples=Images())

        codes = {
            "latents": Spec("latents", (4,), "float32"),
            "means": Spec("vector", (1,), "float32"),
        }
        ids = {"labels": Spec("labels", (), "int32", 0, 1)}
        return {
            **super().endpoints(weights),
            "encode": endpoint(self.encoded, codes, [], self.encode),
            "reconstruct": endpoint(self.reconstructed, pictures, [self.generator], None),
            "classify": endpoint(self.classified, ids, [], None),
        }


def autoencoder():
    plain = dense_gan()
    return Autoencoder(plain.generator, plain.discriminator, 4)


PICTURES = images(3, (4, 4, 1))


@written_once
def test_whatever_a_model_states_is_exported(tmp_path):
    tf = pytest.importorskip("tensorflow")
    model = autoencoder()
    path = model.export(tmp_path / "saved_model", float32=True, png=True)
    signatures = tf.saved_model.load(str(path)).signatures
    pixels = tf.constant(PICTURES)
    expected = model.encode(PICTURES)
    for n in (3, 0):
        codes = signatures["encode"](images=pixels[:n])
        for name in ("latents", "means"):
            np.testing.assert_allclose(codes[name], expected[name][:n], atol=1e-6)
    again = model.generate(latents=expected["latents"]).astype(int)
    assert np.abs(signatures["reconstruct"](images=pixels)["images"] - again).max() <= 1
    ids = signatures["classify"](images=pixels)["labels"]
    assert ids.dtype == tf.int32
    np.testing.assert_array_equal(ids, PICTURES[:, 0, 0, 0] > 127)
    pngs = tf.stack([tf.io.encode_png(image) for image in PICTURES])
    np.testing.assert_array_equal(signatures["classify_png"](images_png_bytes=pngs)["labels"], ids)


@written_once
def test_whatever_a_model_states_is_written_as_a_network(tmp_path):
    onnxruntime = pytest.importorskip("onnxruntime", reason="comes with the extra `serving`")
    pytest.importorskip("tf2onnx", reason="comes with the extra `serving`")
    model = autoencoder()
    path = model.export(tmp_path / "networks", format="onnx")
    floats = PICTURES.astype("float32") / 127.5 - 1
    expected = model.encode(PICTURES)
    session = onnxruntime.InferenceSession(path / "encode.onnx")
    for name, array in expected.items():
        (made,) = session.run([name], {"images": floats})
        np.testing.assert_allclose(made, array, atol=1e-5)
    (ids,) = onnxruntime.InferenceSession(path / "classify.onnx").run(None, {"images": floats})
    assert ids.dtype == np.int32
    np.testing.assert_array_equal(ids, PICTURES[:, 0, 0, 0] > 127)


@pytest.mark.parametrize("name", ["from_latents"])
def test_the_method_and_the_function_do_the_same(name):
    model = dense_gan()
    endpoint = model.endpoints()[name]
    latents = model.draw_latents(3, seed=1)
    tensors = endpoint.function(latents=ops.convert_to_tensor(latents))
    made = endpoint.samples.to_outside(ops.convert_to_numpy(tensors["images"]))
    by_method = endpoint.method(latents=latents)
    assert np.abs(made.astype(int) - by_method).max() <= 1
    assert made.shape[1:] == endpoint.outputs["images"].shape
    assert keras.backend.standardize_dtype(by_method.dtype) == endpoint.outputs["images"].dtype
