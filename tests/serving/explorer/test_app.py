"""The page and the REST interface, by HTTP."""

import base64
import dataclasses
import io
import json

import numpy as np
import pytest
from PIL import Image

from keras_gans.serving.explorer.app import Explorer, directions_of, explorer_app
from keras_gans.serving.explorer.limits import Limits
from keras_gans.serving.explorer.served import ServedModel, load_served
from keras_gans.serving.pngs import png_of
from keras_gans.serving.rest import output_of_body, predict_body, signatures_of_body
from tests.backends import written_once
from tests.harness import cyclegan, gan
from tests.serving.conftest import assert_within_a_grey_level, clothes, infogan
from tests.test_endpoints import autoencoder

testclient = pytest.importorskip("starlette.testclient", reason="needs httpx, of the extra `test`")


def client_of(served, **limits):
    app = explorer_app(served, Limits(**limits))
    return testclient.TestClient(
        app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False
    )


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Models and what serves them, from `.keras` files."""
    folder = tmp_path_factory.mktemp("models")
    pairs = {"gan": gan(), "cyclegan": cyclegan(), "clothes": clothes(), "infogan": infogan()}
    for name, model in pairs.items():
        model.save(folder / f"{name}.keras")
    return {name: (model, load_served(folder / f"{name}.keras")) for name, model in pairs.items()}


@pytest.fixture(scope="module")
def generator(models):
    return client_of(models["gan"][1], images=8)


@pytest.fixture(scope="module")
def translator(models):
    return client_of(models["cyclegan"][1], body_bytes=20_000)


def image_of_url(url):
    content = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    return np.atleast_3d(np.asarray(Image.open(io.BytesIO(content))))


def test_the_page_needs_no_file_from_elsewhere(generator):
    for path in ("/", "/page.js", "/page.css"):
        answer = generator.get(path)
        assert answer.status_code == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "http" not in answer.text.replace("https://", "http://").replace("http-", "")


def test_the_page_is_told_what_the_model_does(generator, translator):
    model = generator.get("/explorer/model").json()
    assert model["name"] == "gan"
    assert model["generates"]
    assert len(model["shares"]) == 4  # Of four latents.
    assert model["shares"] == sorted(model["shares"], reverse=True)
    assert model["codes"] == []
    model = translator.get("/explorer/model").json()
    assert not model["generates"]
    assert model["translations"] == ["a_to_b", "b_to_a"]


def test_points_become_the_images_of_the_model(generator, models):
    model, served = models["gan"]
    points = [{"seed": 7}, {"seed": 7, "amounts": [0, 2]}]
    answer = generator.post("/explorer/generate", json={"points": points})
    images = [image_of_url(url) for url in answer.json()["images"]]
    np.testing.assert_array_equal(images[0], model.generate(1, seed=7)[0])
    latents = model.draw_latents(1, seed=7) + 2 * directions_of(served, Limits())[0][1]
    np.testing.assert_array_equal(images[1], model.generate(latents=latents)[0])


def test_a_class_is_chosen_for_images_and_directions(models):
    model, served = models["clothes"]
    client = client_of(served)
    told = [client.get(f"/explorer/model{query}").json() for query in ("", "?labels=2")]
    assert told[0]["choices"] == {"labels": ["shirt", "bag", "boot"]}
    assert told[0]["shares"] != told[1]["shares"]
    for chosen, label in ({}, 0), ({"labels": 2}, 2):
        points = [{"seed": 7}, {"seed": 7, "amounts": [2]}]
        answer = client.post("/explorer/generate", json={"chosen": chosen, "points": points})
        images = [image_of_url(url) for url in answer.json()["images"]]
        (latents,) = model.draw_latents(1, seed=7)
        direction = directions_of(served, Limits(), {"labels": label})[0][0]
        expected = model.generate(latents=[latents, latents + 2 * direction], labels=label)
        np.testing.assert_array_equal(images, expected)
    for chosen, sentence in (
        ({"labels": 3}, "labels must be a whole number from 0 to 2"),
        ({"labels": "bag"}, "labels must be a whole number"),
        ({"colour": 1}, "What can be chosen is labels"),
        ([1], "What can be chosen is labels"),
    ):
        answer = client.post("/explorer/generate", json={"chosen": chosen, "points": []})
        assert answer.status_code == 400
        assert sentence in answer.json()["error"]
    for query in ("labels=3", "labels=x", "colour=1"):
        assert client.get(f"/explorer/model?{query}").status_code == 400
    body = {"signature_name": "generate", "inputs": {"num_images": 2, "seed": 7}}
    for labels, status in (([0, 2], 200), ([0, 3], 400), ([0], 400)):
        body["inputs"]["labels"] = labels
        assert client.post("/v1/models/clothes:predict", json=body).status_code == status


def test_codes_are_chosen_and_moved(models):
    model, served = models["infogan"]
    client = client_of(served)
    told = client.get("/explorer/model").json()
    assert told["choices"] == {"category": ["0", "1", "2"]}
    assert told["codes"] == [{"name": "style 1", "reach": 2}, {"name": "style 2", "reach": 2}]
    points = [{"seed": 7, "amounts": [0.5, -1.5]}, {"seed": 7, "amounts": [0, 0, 2]}]
    body = {"chosen": {"category": 2}, "points": points}
    answer = client.post("/explorer/generate", json=body)
    images = [image_of_url(url) for url in answer.json()["images"]]
    latents = {**model.draw_latents(1, seed=7), "category": np.array([2], "int32")}
    moved = {**latents, "style": latents["style"] + [[0.5, -1.5]]}
    np.testing.assert_array_equal(images[0], model.generate(latents=moved)[0])
    direction = directions_of(served, Limits(), {"category": 2})[0][2]
    noise, style = latents["noise"] + 2 * direction[:4], latents["style"] + 2 * direction[4:]
    moved = {**latents, "noise": noise, "style": style}
    np.testing.assert_array_equal(images[1], model.generate(latents=moved)[0])


def test_a_picture_becomes_its_translation(translator, models):
    model, _ = models["cyclegan"]
    file = io.BytesIO()
    grey = np.random.default_rng(0).integers(0, 256, (16, 32), "uint8")
    Image.fromarray(grey).save(file, "PNG")
    answer = translator.post("/explorer/translate?translation=b_to_a", content=file.getvalue())
    before, after = (image_of_url(url) for url in answer.json()["images"])
    np.testing.assert_array_equal(before[..., 0], grey)
    np.testing.assert_array_equal(after, model.translate(before[None], "b_to_a")[0])


def test_mistakes_of_the_page_get_a_sentence(generator, translator):
    for client, path, content, sentence in (
        (generator, "/explorer/generate", b'{"points": [{"seed": -1}]}', "seed must be"),
        (generator, "/explorer/generate", b"{", "cannot be read as JSON"),
        (generator, "/explorer/translate?translation=a_to_b", b"", "gan offers nothing"),
        (translator, "/explorer/generate", b"{}", "generates none"),
        (translator, "/explorer/translate?translation=up", b"", "offers a_to_b, b_to_a"),
        (translator, "/explorer/translate?translation=a_to_b", b"no", "are no PNG"),
    ):
        answer = client.post(path, content=content)
        assert answer.status_code == 400
        assert sentence in answer.json()["error"]


@pytest.mark.parametrize("rows", [False, True])
def test_clients_of_tensorflow_serving_get_the_images_of_the_model(rows, generator, models):
    model, _ = models["gan"]
    latents = model.draw_latents(3, seed=1)
    body = predict_body({"latents": latents}, rows=rows)
    answer = generator.post("/v1/models/gan/versions/1:predict", json=body)
    assert answer.status_code == 200
    images = output_of_body(answer.json(), "uint8")
    np.testing.assert_array_equal(images, model.generate(latents=latents))


def test_status_and_metadata_are_those_of_tensorflow_serving(generator, models):
    assert generator.get("/v1/models/gan").json() == {
        "model_version_status": [
            {
                "version": "1",
                "state": "AVAILABLE",
                "status": {"error_code": "OK", "error_message": ""},
            }
        ]
    }
    metadata = generator.get("/v1/models/gan/metadata").json()
    assert metadata["model_spec"] == {"name": "gan", "signature_name": "", "version": "1"}
    signatures = signatures_of_body(metadata["metadata"]["signature_def"]["signature_def"])
    assert signatures == models["gan"][1].signatures


def test_a_saved_model_answers_in_pngs_too(exported):
    model, path = exported("cyclegan")
    served = load_served(path)
    client = client_of(served)
    image = np.random.default_rng(0).integers(0, 256, (8, 8, 1), "uint8")
    file = io.BytesIO()
    Image.fromarray(image[..., 0]).save(file, "PNG")
    body = {"images_png_bytes": np.array([file.getvalue()], object)}
    url = f"/v1/models/{served.name}:predict"
    answer = client.post(url, json=predict_body(body, "a_to_b_png", rows=True))
    (png,) = output_of_body(answer.json(), "string")
    made = np.atleast_3d(np.asarray(Image.open(io.BytesIO(png))))
    assert_within_a_grey_level(made, model.translate(image[None])[0])
    body = {"images_png_bytes": np.array([b"no picture"], object)}
    answer = client.post(url, json=predict_body(body, "a_to_b_png", rows=True))
    assert answer.status_code == 400
    assert "are no PNG" in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v1/models/other", 404, "/v1/models/other is not here; gan is, in version 1."),
        ("GET", "/v1/models/gan/versions/9", 404, "is not here; gan is"),
        ("POST", "/v1/models/other:predict", 404, "is not here; gan is"),
        ("POST", "/v1/models/gan/versions/9:predict", 404, "is not here; gan is"),
        ("GET", f"/v1/models/gan/versions/{'9' * 5000}", 404, "is not here; gan is"),
        ("POST", "/v1/models/gan", 400, "POST /v1/models/gan is nothing that can be asked"),
        ("DELETE", "/v1/models/gan", 400, "expected GET /v1/models/gan, "),
        ("GET", "/v1/models/gan:predict", 400, "is nothing that can be asked"),
        ("GET", "/elsewhere", 404, "GET /elsewhere: Not Found"),
        ("POST", "/", 405, "POST /: Method Not Allowed"),
        ("POST", "/v1/models/gan:classify", 400, "is nothing that can be asked"),
    ],
)
def test_other_paths_are_refused(method, path, status, message, generator):
    answer = generator.request(method, path)
    assert answer.status_code == status
    assert message in answer.json()["error"]


def test_a_request_for_too_much_is_refused(generator, translator):
    body = {"signature_name": "generate", "inputs": {"num_images": 1_000_000, "seed": 0}}
    answer = generator.post("/v1/models/gan:predict", json=body)
    assert answer.status_code == 429
    assert "8 are the most at a time" in answer.json()["error"]
    assert translator.post("/v1/models/cyclegan:predict", content=b" " * 20_001).status_code == 413


def recorded(served, ran):
    """The same, which notes how many images it makes at a time."""

    def run(signature, inputs):
        outputs = served.run(signature, inputs)
        ran.append(len(next(iter(outputs.values()))))
        return outputs

    return dataclasses.replace(served, run=run)


def test_images_together_are_limited_before_any_is_made(models):
    ran = []
    client = client_of(recorded(models["gan"][1], ran), model_pixels=4 * 16 * 16)
    assert max(ran) == 4  # For the directions.
    ran.clear()
    by_number = {"signature_name": "generate", "inputs": {"num_images": 5, "seed": 0}}
    for body in (by_number, {"instances": [[0, 0, 0, 0]] * 5}):
        answer = client.post("/v1/models/gan:predict", json=body)
        assert (answer.status_code, ran) == (429, [])
        assert "together have 1,280 pixels; 1,024 are the most" in answer.json()["error"]
    assert client.post("/v1/models/gan:predict", json={"instances": [[0] * 4] * 4}).is_success
    points = [{"seed": seed} for seed in range(9)]
    answer = client.post("/explorer/generate", json={"points": points})
    assert len(answer.json()["images"]) == 9
    assert ran == [4, 4, 4, 1]


def test_what_translations_are_enlarged_to_counts(exported):
    served = load_served(exported("srgan")[1])
    scale = exported("srgan")[0].translator().scale
    client = client_of(served, model_pixels=16 * 16 * scale**2)
    url = f"/v1/models/{served.name}:predict"
    for side, status in ((16, 200), (17, 429)):
        images = np.zeros((1, side, 16, 1), "uint8")
        assert client.post(url, json=predict_body({"images": images})).status_code == status
    page = "/explorer/translate?translation=upscale"
    for side, status in ((16, 200), (32, 429)):
        file = png_of(np.zeros((side, 16, 1), "uint8"))
        assert client.post(page, content=file).status_code == status


def test_pngs_together_are_limited_before_one_is_decoded(exported):
    ran = []
    served = recorded(load_served(exported("cyclegan")[1]), ran)
    client = client_of(served)
    file = io.BytesIO()
    Image.new("L", (5000, 4000)).save(file, "PNG")  # 20 megapixels in 19 kilobytes.
    small = io.BytesIO()
    Image.new("L", (1024, 1025)).save(small, "PNG")
    url = f"/v1/models/{served.name}:predict"
    for png, number in ((file, 64), (file, 1), (small, 4)):
        body = {"images_png_bytes": np.array([png.getvalue()] * number, object)}
        answer = client.post(url, json=predict_body(body, "a_to_b_png", rows=True))
        assert (answer.status_code, ran) == ((400, []) if png is file else (429, []))
        assert "4,194,304 are the most" in answer.json()["error"]


@written_once
def test_pngs_are_limited_where_a_model_generates_too(tmp_path):
    pytest.importorskip("tensorflow", reason="PNGs are read by a SavedModel")
    ran = []
    path = autoencoder().export(tmp_path / "saved_model", png=True)
    client = client_of(recorded(load_served(path), ran), model_pixels=4 * 4 * 4)
    ran.clear()
    url = "/v1/models/" + load_served(path).name + ":predict"
    for side, number, status in ((4, 4, 200), (9, 1, 400), (7, 2, 429), (4, 5, 429)):
        pngs = np.array([png_of(np.zeros((side, side, 1), "uint8"))] * number, object)
        body = predict_body({"images_png_bytes": pngs}, "reconstruct_png")
        answer = client.post(url, json=body)
        assert answer.status_code == status
        assert (status == 200) or "64 are the most" in answer.json()["error"]
    assert ran == [4]


def test_only_the_newest_directions_are_kept(models):
    served = models["clothes"][1]
    labels = {**served.default["inputs"]["labels"], "high": 99}
    labels.pop("names", None)
    inputs = {**served.default["inputs"], "labels": labels}
    default = {**served.default, "inputs": inputs}

    def run(signature, inputs):
        return {"images": np.zeros((len(inputs["labels"]), 4, 4, 1), "uint8")}

    many = dataclasses.replace(served, signatures={"serving_default": default}, run=run)
    explorer = Explorer(many, Limits(images=1024))
    for label in range(70):
        explorer.directions({"labels": label})
    assert explorer.found.cache_info().currsize == 64


def test_other_hosts_and_pages_are_refused(generator):
    for headers in ({"Host": "rebound.example"}, {"Origin": "http://example.com"}):
        answer = generator.post("/v1/models/gan:predict", headers=headers)
        assert answer.status_code == 403
        assert "error" in answer.json()


def test_a_mistake_of_the_server_is_no_mistake_of_the_client(models):
    def fail(signature, inputs):
        raise ZeroDivisionError

    served = ServedModel("broken", 1, models["cyclegan"][1].signatures, fail)
    body = predict_body({"images": np.zeros((1, 8, 8, 1), "uint8")})
    answer = client_of(served).post("/v1/models/broken:predict", content=json.dumps(body))
    assert answer.status_code == 500
    assert answer.json() == {"error": "ZeroDivisionError: the server's own mistake."}
