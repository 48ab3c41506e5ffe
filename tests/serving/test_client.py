"""The clients, against servers that answer from a SavedModel."""

import contextlib
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import to_uint8
from keras_gans.serving.client import GrpcClient, RestClient, ServingError, read_image
from tests.backends import written_once
from tests.serving.conftest import assert_within_a_grey_level, inputs_of, outputs_of
from tests.serving.servers import grpc_server, rest_server

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


@both
def test_signatures_are_those_of_the_file(connected, exported):
    _, path = exported("gan")
    with connected(path) as (server, client):
        assert client.signatures() == json.loads((path / "signature.json").read_text())
        assert len(server.asked) == 1


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
        with pytest.raises(ServingError):
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
