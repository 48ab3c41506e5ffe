"""The clients, against servers that answer from a SavedModel."""

import contextlib
import inspect
import io
import json
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.data import to_uint8
from keras_gans.models import GAN, LatentModel, TranslationModel
from keras_gans.serving.client import Client, GrpcClient, RestClient, ServingError, read_image
from keras_gans.serving.pngs import png_of
from tests.backends import written_once
from tests.harness import images
from tests.serving.conftest import assert_within_a_grey_level, inputs_of, outputs_of
from tests.serving.servers import grpc_server, rest_server
from tests.test_endpoints import PICTURES, autoencoder

pytest.importorskip("tensorflow", reason="the server runs a SavedModel")
pytest.importorskip("tensorflow_serving", reason="the messages come with the extra `serving`")
pytest.importorskip("grpc", reason="comes with the extra `serving`")

pytestmark = written_once


@contextlib.contextmanager
def rest(path):
    with rest_server(path) as server:
        yield server, RestClient(server.url, "gan", version=2, timeout=30)


@contextlib.contextmanager
def grpc(path):
    with grpc_server(path) as server:
        yield server, GrpcClient(server.address, "gan", version=2, timeout=30)


both = pytest.mark.parametrize("connected", [rest, grpc])


@both
def test_images_of_latents_come_in_every_form(connected, exported):
    model, path = exported("gan")
    latents = inputs_of(model)["latents"]
    expected = outputs_of(model, {"latents": latents})
    with connected(path) as (_, client):
        assert_within_a_grey_level(client.from_latents(latents), expected)
        assert_within_a_grey_level(client.from_latents(latents, "from_latents_png"), expected)
        floats = client.from_latents(latents, "from_latents_float32")
        assert floats.dtype == "float32"
        assert_within_a_grey_level(to_uint8(floats), expected)
        images = client.generate(2, seed=7)
        np.testing.assert_array_equal(images, client.generate(2, seed=7, signature="generate_png"))
        assert (images != client.generate(2, seed=8)).any()


@both
def test_images_are_translated_in_every_form(connected, exported):
    model, path = exported("pix2pix")
    images = inputs_of(model)["images"]
    with connected(path) as (_, client):
        translated = client.translate(images)
        assert translated.shape == (3, 8, 8, 3)
        for form in ("", "_png", "_float32"):
            signature = f"source_to_target_from_seed{form}"
            output = client.translate(images, signature, seed=0)
            assert_within_a_grey_level(to_uint8(output), translated)
        with pytest.raises(ValueError, match="takes uint8 images"):
            client.translate(images[0])


def test_arguments_are_those_of_the_models():
    for method, model in (("generate", LatentModel), ("translate", TranslationModel)):
        of_the_client, of_the_model = (
            list(inspect.signature(getattr(owner, method)).parameters.values())
            for owner in (Client, model)
        )
        # A server has no discriminator that could select.
        assert [str(p) for p in of_the_client if p.name != "signature"] == [
            str(p) for p in of_the_model if p.name != "select"
        ]
        assert "signature" in [p.name for p in of_the_client]


@both
def test_latents_are_taken_and_seeds_drawn_as_by_a_model(connected, exported):
    model, path = exported("gan")
    latents = model.draw_latents(5, seed=1)
    with connected(path) as (server, client):
        images = client.generate(latents=latents, batch_size=2)
        assert len(server.asked) == 3
        assert_within_a_grey_level(images, model.generate(latents=latents))
        pngs = client.generate(5, latents=latents, signature="from_latents_png")
        np.testing.assert_array_equal(pngs, images)
        assert (client.generate(2) != client.generate(2)).any()
        asked = len(server.asked)
        for arguments, sentence in (
            ({}, "got neither"),
            ({"num_images": 4, "latents": latents}, "got 5 latents and also num_images=4"),
            ({"seed": 4, "latents": latents}, "got 5 latents and also .*seed=4"),
            ({"latents": latents * np.nan}, "Latents must be finite"),
        ):
            with pytest.raises(ValueError, match=sentence):
                client.generate(**arguments)
            with pytest.raises(ValueError, match=sentence):
                model.generate(**arguments)
        assert len(server.asked) == asked
        for form in ("", "_png", "_float32"):
            dtype = "float32" if form == "_float32" else "uint8"
            for none in (
                client.from_latents(latents[:0], f"from_latents{form}"),
                client.generate(0, signature=f"generate{form}"),
            ):
                assert (none.shape, none.dtype) == ((0, *images.shape[1:]), dtype)


@both
def test_classes_are_chosen_as_of_a_model(connected, exported):
    model, path = exported("clothes")
    latents = model.draw_latents(5, seed=1)
    labels = [0, 1, 2, 2, 0]
    with connected(path) as (server, client):
        images = client.generate(latents=latents, labels=labels, batch_size=2)
        assert len(server.asked) == 3
        assert_within_a_grey_level(images, model.generate(latents=latents, labels=labels))
        by_list = client.generate(labels=[1, 1, 1], seed=7)
        np.testing.assert_array_equal(client.generate(3, seed=7, labels=1), by_list)
        assert (client.generate(3, seed=7, labels=2) != by_list).any()
        asked = len(server.asked)
        for arguments, sentence in (
            ({"labels": 1}, "say it"),
            ({"num_images": 4, "labels": [0, 1]}, "2 by labels, 4 by num_images"),
            ({"latents": latents, "labels": [0, 1]}, "5 by latents, 2 by labels"),
            ({"labels": ["shirt"]}, r"labels are ids .*signature\.json"),
            ({"num_images": 1, "pose": [[np.nan]]}, "Pose must be finite"),
        ):
            with pytest.raises(ValueError, match=sentence):
                client.generate(**arguments)
        assert len(server.asked) == asked


def sketched():
    """A generator from a picture, a vector and a label beside the latents."""
    layers = keras.layers
    inputs = [
        keras.Input((4,), name="latents"),
        keras.Input((), dtype="int32", name="labels"),
        keras.Input((2,), name="pose"),
        keras.Input((4, 4, 1), name="sketch"),
    ]
    parts = [inputs[0], layers.Embedding(3, 2)(inputs[1]), inputs[2], layers.Flatten()(inputs[3])]
    x = layers.Dense(16, activation="tanh")(layers.Concatenate()(parts))
    discriminator = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1)])
    return GAN(keras.Model(inputs, layers.Reshape((4, 4, 1))(x)), discriminator, 4, seed=3)


@both
def test_conditions_of_every_kind_are_sent_as_the_signature_takes_them(connected, tmp_path):
    model = sketched()
    path = model.export(tmp_path / "saved_model", png=True)
    latents, sketches = model.draw_latents(2, seed=1), images(2, (4, 4, 1))
    conditions = {"labels": [0, 2], "pose": [[0, 1], [1, 0]], "sketch": sketches}
    expected = model.generate(latents=latents, **conditions)
    of_one = {"labels": 1, "pose": [0.1, 0.2], "sketch": sketches[0]}
    expected_of_one = model.generate(latents=latents, **{k: [v, v] for k, v in of_one.items()})
    with connected(path) as (_, client):
        for form in ("", "_png"):
            signature = f"from_latents{form}"
            made = client.generate(latents=latents, signature=signature, **conditions)
            assert_within_a_grey_level(made, expected)
            made = client.generate(latents=latents, signature=signature, **of_one)
            assert_within_a_grey_level(made, expected_of_one)
            assert client.generate(0, signature=f"generate{form}", **of_one).shape == (0, 4, 4, 1)
        pngs = {"sketch_png_bytes": [png_of(sketch) for sketch in sketches]}
        conditions = {"labels": [0, 2], "pose": [[0, 1], [1, 0]], **pngs}
        made = client.generate(latents=latents, signature="from_latents_png", **conditions)
        assert_within_a_grey_level(made, expected)
        with pytest.raises(ValueError, match="labels are whole numbers that fit int32"):
            client.generate(1, labels=[2**32 + 1])


@both
def test_outputs_have_the_dtypes_that_the_signature_says(connected, tmp_path):
    model = autoencoder()
    path = model.export(tmp_path / "saved_model", png=True)
    pngs = np.array([png_of(picture) for picture in PICTURES], object)
    codes = model.encode(PICTURES)
    with connected(path) as (_, client):
        for form, inputs in (("", {"images": PICTURES}), ("_png", {"images_png_bytes": pngs})):
            ids = client.predict(inputs, f"classify{form}")
            assert ids.dtype == "int32"
            np.testing.assert_array_equal(ids, PICTURES[:, 0, 0, 0] > 127)
            made = client.predict(inputs, f"encode{form}")
            assert made.keys() == codes.keys()
            for name, array in made.items():
                assert array.dtype == "float32"
                np.testing.assert_allclose(array, codes[name], atol=1e-5)


@both
def test_images_are_translated_in_batches_and_by_a_seed(connected, exported):
    model, path = exported("pix2pix")
    images = np.concatenate([inputs_of(model)["images"]] * 2)[:5]
    with connected(path) as (server, client):
        translated = client.translate(images, "source_to_target", 7, batch_size=2)
        assert_within_a_grey_level(translated, model.translate(images, seed=7))
        np.testing.assert_array_equal(client.translate(images, seed=7), translated)
        pngs = client.translate(images, "source_to_target_png", seed=7)
        np.testing.assert_array_equal(pngs, translated)
        server.asked.clear()
        assert_within_a_grey_level(client.translate(images, batch_size=2), model.translate(images))
        assert len(server.asked) == 3
    _, path = exported("cyclegan")
    with connected(path) as (_, client), pytest.raises(ValueError, match="without noise"):
        client.translate(images, "a_to_b", seed=7)


@both
def test_signatures_are_those_of_the_file(connected, exported):
    _, path = exported("gan")
    with connected(path) as (server, client):
        assert client.signatures() == json.loads((path / "signature.json").read_text())
        assert len(server.described) == 1
        client.generate(1, seed=0), client.generate(1, seed=0, signature="generate_png")
        assert len(server.described) == 2  # Once for all requests.


def test_versions_are_asked_for(exported):
    _, path = exported("gan")
    with rest(path) as (server, client):
        client.generate(1, seed=0)
        assert server.asked == ["/v1/models/gan/versions/2:predict"]
    with grpc(path) as (server, client):
        client.generate(1, seed=0)
        (request,) = server.asked
        assert (request.model_spec.name, request.model_spec.version.value) == ("gan", 2)


@pytest.mark.parametrize(("connected", "failure"), [(rest, 503), (grpc, "UNAVAILABLE")])
def test_a_server_that_is_not_ready_is_asked_again(connected, failure, exported):
    _, path = exported("gan")
    with connected(path) as (server, client):
        server.failures = [failure] * 2
        assert client.generate(1, seed=0).shape == (1, 16, 16, 1)
        assert len(server.asked) == 3
        server.failures = [failure] * 9
        with pytest.raises(ServingError, match="not ready"):
            client.generate(1, seed=0)
        assert len(server.asked) == 3 + 4


def test_errors_are_those_of_the_server(exported):
    _, path = exported("gan")
    with rest(path) as (_, client), pytest.raises(ServingError, match="404: Serving signature"):
        client.generate(1, seed=0, signature="paint")
    with grpc(path) as (server, client):
        server.failures = ["INVALID_ARGUMENT"]
        with pytest.raises(ServingError, match="INVALID_ARGUMENT: not ready"):
            client.generate(1, seed=0)
    for client in (
        RestClient("http://127.0.0.1:9", "gan", retries=0),
        GrpcClient("127.0.0.1:9", "gan", retries=0, timeout=5),
    ):
        with pytest.raises(ServingError, match=r"127\.0\.0\.1:9.* does not answer"):
            client.generate(1, seed=0)


@both
@pytest.mark.parametrize("signature", ["serving_default", "a_to_b_png"])
def test_a_folder_is_translated_and_gone_on_with(connected, signature, exported, tmp_path, capsys):
    model, path = exported("cyclegan")
    source, target = tmp_path / "in", tmp_path / "out"
    (source / "deeper").mkdir(parents=True)
    Image.new("RGB", (12, 8), "red").save(source / "a.png")
    Image.new("L", (8, 8), 200).save(source / "deeper" / "b.bmp")
    (source / "notes.txt").write_text("no image")
    Image.new("L", (8, 8)).save(source / ".hidden.png")
    with connected(path) as (_, client):
        written = client.translate_folder(source, target, signature)
        assert written == [target / "a.png", target / "deeper" / "b.png"]
        assert f"2/2 {source / 'deeper' / 'b.bmp'}" in capsys.readouterr().err
        grey = np.asarray(Image.open(source / "a.png").convert("L"))[None, ..., None]
        made = np.asarray(Image.open(target / "a.png"))[None, ..., None]
        assert_within_a_grey_level(made, model.translate(grey))
        (target / "a.png").unlink()
        seen = []
        again = client.translate_folder(
            source, target, signature, progress=lambda *call: seen.append(call)
        )
        assert again == [target / "a.png"]
        assert [done for done, _, _ in seen] == [1, 2]
        Image.new("L", (8, 8)).save(source / "a.bmp")
        with pytest.raises(ValueError, match=r"a\.bmp and .*a\.png differ in their suffix alone"):
            client.translate_folder(source, target, signature)


def test_members_of_an_archive_that_lead_out_of_it_are_not_translated(exported, tmp_path):
    _, path = exported("cyclegan")
    picture = io.BytesIO()
    Image.new("L", (8, 8), 200).save(picture, "PNG")
    outside = tmp_path / "outside.png"
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for name in (str(outside), "../outside.png", "good.png"):
            archive.writestr(name, picture.getvalue())
    target = tmp_path / "deep" / "out"
    with rest(path) as (_, client), pytest.warns(UserWarning, match="Left out 2 .*outside.png"):
        assert client.translate_folder(tmp_path / "photos.zip", target) == [target / "good.png"]
    assert not list(tmp_path.rglob("outside.png"))


def test_pictures_are_sent_upright_and_in_the_size_of_the_signature(tmp_path):
    lying = Image.new("RGB", (6, 4), "red")
    lying.paste("blue", (0, 0, 3, 4))  # Turned by 90 degrees to the right, the left half is above.
    exif = Image.Exif()
    exif[0x0112] = 6
    lying.save(tmp_path / "a.png", exif=exif)
    upright = read_image(tmp_path / "a.png", (None, None, 3))
    assert upright.shape == (6, 4, 3)
    assert upright[0, 0].tolist() == [0, 0, 255] and upright[-1, 0].tolist() == [255, 0, 0]
    assert read_image(tmp_path / "a.png", (8, 8, 1)).shape == (8, 8, 1)


def test_a_folder_without_images_is_told_of(exported, tmp_path):
    _, path = exported("cyclegan")
    with rest(path) as (_, client), pytest.raises(ValueError, match="holds no images"):
        client.translate_folder(tmp_path, tmp_path / "out")


def test_a_folder_is_not_sent_to_a_signature_without_images(exported, tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    for name, signature in (("gan", "from_latents"), ("cyclegan", "a_to_c"), ("cyclegan", "png")):
        sentence = f"no signature '{signature}' .*; it has .*serving_default"
        with rest(exported(name)[1]) as (_, client), pytest.raises(ValueError, match=sentence):
            client.translate_folder(tmp_path, tmp_path / "out", signature)


def test_damaged_pictures_are_left_out_and_named(exported, tmp_path):
    _, path = exported("cyclegan")
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    for name in "abc":
        Image.effect_noise((64, 64), 99).save(source / f"{name}.png")
    (source / "a.png").write_bytes((source / "a.png").read_bytes()[:999])
    (source / "b.png").write_text("no picture")
    with rest(path) as (_, client), pytest.warns(UserWarning, match="Left out 2 of 3") as said:
        assert client.translate_folder(source, target) == [target / "c.png"]
    assert "a.png (image file is truncated" in str(said[0].message)
    assert "b.png (cannot identify" in str(said[0].message)


def test_paths_of_other_machines_are_refused_and_home_is_found(exported, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    Image.new("L", (8, 8)).save(tmp_path / "in" / "a.png")
    with rest(exported("cyclegan")[1]) as (server, client):
        for folders in (("gs://bucket/in", "out"), ("in", "s3://bucket/out")):
            with pytest.raises(ValueError, match="must lie on this machine"):
                client.translate_folder(*folders)
        assert server.asked == []
        assert client.translate_folder("~/in", "~/out") == [tmp_path / "out" / "a.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]


def test_a_url_is_told_from_an_address():
    with pytest.raises(ValueError, match="begins with http"):
        RestClient("127.0.0.1:8501", "gan")


def test_an_error_in_a_folder_names_the_image(exported, tmp_path):
    _, path = exported("cyclegan")
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    with rest(path) as (server, client):
        server.failures = [500]
        with pytest.raises(ServingError, match=r"a\.png: .*500"):
            client.translate_folder(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
