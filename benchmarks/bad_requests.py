"""What the explorer answers to bad requests, and whether it still answers good ones after each.

    python -m benchmarks.bad_requests [--output benchmarks/bad_requests.md]

The explorer (`python -m applications.explore`) runs on three tiny models, two generators and a
translator, in processes of their own. The table says what was sent and what came back; the program
exits with 1 where a status is another one than expected, where the body is no sentence, or where
the page, or a good request, is no longer answered.
"""

import argparse
import base64
import contextlib
import json
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

from keras_gans.data.aside import written_aside

SECONDS = 60  # For any answer; a slow client is cut off after ten.
MILLION = 1_000_000


def save_models(folder):
    """A generator, one of three classes and a translator of a few weights."""
    import keras

    import keras_gans
    from keras_gans.networks import dcgan_discriminator, dcgan_generator

    layers = keras.layers
    latents = keras.Input((4,), name="latents")
    labels = keras.Input((), dtype="int32", name="labels")
    pixels = layers.Dense(4)(layers.Concatenate()([latents, layers.Embedding(3, 2)(labels)]))
    classes = keras.Model([latents, labels], layers.Reshape((2, 2, 1))(pixels))
    critic = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])
    keras_gans.GAN(classes, critic, 4, seed=0).export(folder / "classes")

    def network(*layers):
        return keras.Sequential([keras.Input((8, 8, 1)), *layers])

    convolution = keras.layers.Conv2D
    generator = dcgan_generator((16, 16, 1), latent_dim=4, width=2)
    discriminator = dcgan_discriminator((16, 16, 1), width=2)
    gan = keras_gans.GAN(generator, discriminator, 4, seed=0)
    translators = [network(convolution(1, 3, padding="same")) for _ in range(2)]
    critics = [network(convolution(1, 3)) for _ in range(2)]
    cyclegan = keras_gans.CycleGAN(*translators, *critics, seed=0)
    gan.export(folder / "gan")
    cyclegan.export(folder / "cyclegan", png=True)


@contextlib.contextmanager
def explorer(model):
    """The port of an explorer of its own process, which is interrupted at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "applications.explore", str(model), "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        yield int(line.split("127.0.0.1:")[1].split("/")[0])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        process.stdout.close()


def send(port, *parts, pause=0.0):
    """`(status, body)` of what a socket answers to bytes; `(None, "")` where it hangs up."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        # Who is refused early may be hung up on while still sending.
        with contextlib.suppress(ConnectionError):
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65536):
                answer += part
    if not answer:
        return None, ""
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode("utf-8", "replace")


def request(port, method, path, body=b"", **headers):
    """The bytes of a request."""
    headers = {"Host": f"127.0.0.1:{port}", "Content-Length": len(body), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def predict(port, body, model="gan", **headers):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return request(port, "POST", f"/v1/models/{model}:predict", body, **headers)


def bomb(side, height=None):
    """A PNG that says it has so many pixels on each side, and is small."""
    height = height or side

    def chunk(name, content):
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", side, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * (side + 1) * min(height, 4000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def for_the_generator(port):
    """`(what, status that is expected, parts to send, seconds between them)`."""
    zeros = [0.0] * 4

    def row(what, status, *parts, pause=0.0):
        return what, status, parts, pause

    def asks(what, body, status=400, **headers):
        return row(what, status, predict(port, body, **headers))

    yield asks("an empty body", b"")
    yield asks("truncated JSON", b'{"instances": [[0.1, 0.2')
    yield asks("a truncated string", b'{"instances": "abc')
    yield asks("text that is no JSON", b"images, please")
    yield asks("bytes that are no UTF-8", b'{"instances": "\xff\xfe"}')
    yield asks("JSON that is no object", b"[1, 2]")
    yield asks("JSON and something behind it", b'{"inputs": [[0, 0, 0, 0]]} {}')
    yield asks("100,000 lists in each other", b'{"inputs": ' + b"[" * 100_000)
    yield asks("500 lists in each other, closed", b'{"inputs": ' + b"[" * 500 + b"]" * 500 + b"}")
    yield asks("a number of 5,000 digits", b'{"inputs": [[' + b"9" * 5000 + b"]]}")
    yield asks("neither `instances` nor `inputs`", {"latents": [zeros]})
    yield asks("both `instances` and `inputs`", {"instances": [zeros], "inputs": [zeros]})
    yield asks("`instances` that are no list", {"instances": 7})
    yield asks("no instances", {"instances": []})
    yield asks("an unknown signature", {"signature_name": "paint", "instances": [zeros]})
    yield asks("a signature that is no string", {"signature_name": 7, "instances": [zeros]})
    yield asks("an unknown input", {"instances": [{"noise": zeros}]})
    yield asks("an input left out", {"signature_name": "generate", "inputs": {"seed": 7}})
    yield asks("latents of 3 numbers instead of 4", {"instances": [zeros[:3]]})
    yield asks("latents of a dimension too many", {"instances": [[zeros]]})
    yield asks("rows of different lengths", {"instances": [zeros, zeros[:3]]})
    yield asks("columns of different lengths", {"inputs": [zeros, zeros[:3]]})
    yield asks("a string for a float", {"instances": [[*zeros[:3], "one"]]})
    yield asks("null for a float", {"instances": [[*zeros[:3], None]]})
    yield asks("true for a float", {"instances": [[*zeros[:3], True]]})
    yield asks("an integer that no float32 holds", {"instances": [[*zeros[:3], 2**24 + 1]]})
    generate = {"signature_name": "generate"}
    yield asks("a fraction for an integer", {**generate, "inputs": {"num_images": 1.5, "seed": 7}})
    yield asks("a seed beyond int64", {**generate, "inputs": {"num_images": 1, "seed": 2**63}})
    yield asks("NaN", b'{"instances": [[NaN, 0, 0, 0]]}')
    yield asks("Infinity", b'{"instances": [[0, 0, 0, -Infinity]]}')
    yield asks("1e999", b'{"instances": [[0, 0, 0, 1e999]]}')
    yield asks("-1 images", {**generate, "inputs": {"num_images": -1, "seed": 7}})
    yield asks(
        "a million images by number",
        {**generate, "inputs": {"num_images": MILLION, "seed": 7}},
        429,
    )
    yield asks("a million images by latents", {"instances": [[0, 0, 0, 0]] * MILLION}, 413)
    yield asks("100,000 images by latents", {"instances": [[0, 0, 0, 0]] * 100_000}, 429)
    yield asks("20 MB of spaces", b" " * 20_000_000, 413)
    length = {"Content-Length": 10**15}
    yield row(
        "a slow client, a byte each second",
        408,
        predict(port, b"", **{"Content-Length": 100}),
        *[b" "] * 12,
        pause=1.0,
    )
    yield row("a petabyte promised and not sent", 408, predict(port, b"{", **length))
    yield row("a client that says nothing", None, b"")
    yield row("half a request line", None, b"POST /v1/mod")
    yield row("headers of 1 MB", 400, request(port, "GET", "/", **{"X-Long": "a" * MILLION}))
    yield row("no HTTP", 400, b"\x16\x03\x01\x02 hello\r\n\r\n")
    yield row("another host's name", 403, request(port, "GET", "/", Host="rebound.example"))
    yield asks("a page from elsewhere", {"instances": [zeros]}, 403, Origin="http://example.com")
    yield row("an unknown model", 404, predict(port, {"instances": [zeros]}, "other"))
    yield row("an unknown version", 404, request(port, "GET", "/v1/models/gan/versions/9"))
    yield row("a method that there is none for", 400, request(port, "PUT", "/v1/models/gan"))
    yield row("a way out of the folder", 404, request(port, "GET", "/../../etc/passwd"))
    points = [{"seed": 0, "amounts": ["far"]}]
    yield row(
        'a slider at "far"',
        400,
        request(port, "POST", "/explorer/generate", json.dumps({"points": points}).encode()),
    )


def of_classes(port):
    def generate(what, num_images, labels):
        inputs = {"num_images": num_images, "seed": 7, "labels": labels}
        body = {"signature_name": "generate", "inputs": inputs}
        return what, 400, (predict(port, body, "classes"),), 0.0

    yield generate("a label of no class", 1, [3])
    yield generate("a label of -1", 1, [-1])
    yield generate("a label that is a name", 1, ["shirt"])
    yield generate("two labels for three images", 3, [0, 1])
    body = json.dumps({"chosen": {"labels": 3}, "points": [{"seed": 0}]}).encode()
    sent = request(port, "POST", "/explorer/generate", body)
    yield "a choice of no class", 400, (sent,), 0.0
    sent = request(port, "GET", "/explorer/model?labels=3")
    yield "the directions of no class", 400, (sent,), 0.0


def for_the_translator(port):
    small, large, huge = bomb(8), bomb(10_000), bomb(100_000)

    def drop(what, content, status=400):
        sent = request(port, "POST", "/explorer/translate?translation=a_to_b", content)
        return what, status, (sent,), 0.0

    def pngs(what, *values, status=400):
        body = {"signature_name": "a_to_b_png", "instances": list(values)}
        return what, status, (predict(port, body, "cyclegan"),), 0.0

    def encoded(content):
        return {"b64": base64.b64encode(content).decode()}

    yield drop("a dropped file that is no picture", b"GIF89a, almost")
    yield drop("a dropped picture cut off", small[:45])
    yield drop(f"an image bomb of 10,000 x 10,000 pixels in {len(large):,} bytes", large)
    yield drop(f"an image bomb of 100,000 x 100,000 pixels in {len(huge):,} bytes", huge)
    yield pngs("the image bomb in base64", encoded(large))
    whole = encoded(bomb(5000, 4000))
    yield pngs("64 PNGs of 20 megapixels, 19,500 bytes each, in base64", *[whole] * 64)
    yield pngs("64 PNGs of 300 x 300 pixels in base64", *[encoded(bomb(300))] * 64, status=429)
    yield pngs("base64 that is none", {"b64": "%%%"})
    yield pngs("base64 of no PNG", encoded(b"no picture"))
    yield pngs("a PNG cut off", encoded(small[:45]))
    yield pngs("PNGs of two sizes", encoded(small), encoded(bomb(9)))
    images = [[[[256]] * 8] * 8]
    body = {"instances": images}
    yield "a pixel of 256", 400, (predict(port, body, "cyclegan"),), 0.0


def still_answers(port, model):
    """Whether the page and a good request of that model are answered."""
    good = {
        "gan": {"signature_name": "generate", "inputs": {"num_images": 1, "seed": 7}},
        "classes": {"inputs": {"latents": [[0, 0, 0, 0]], "labels": [2]}},
        "cyclegan": {"instances": [[[[0]] * 8] * 8]},
    }[model]
    page, _ = send(port, request(port, "GET", "/"))
    status, body = send(port, predict(port, good, model))
    return page == status == 200 and body[:13] in ('{"outputs": [', '{"predictions')


def tried(port, model, what, expected, parts, pause):
    """A row of the table, and whether all is well."""
    status, body = send(port, *parts, pause=pause)
    after = still_answers(port, model)
    return what, status, body, status == expected, after


def is_told(status, body):
    """Whether a refusal is a sentence: JSON with an error, or uvicorn's own for what is no HTTP."""
    if status is None or body == "Invalid HTTP request received.":
        return True
    try:
        return bool(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return False


def table(rows):
    lines = [
        "| sent | status | body | answers good requests after it |",
        "| --- | --- | --- | --- |",
    ]
    for what, status, body, as_expected, after in rows:
        shown = " ".join(body.split()).replace("|", "/")
        shown = f"`{shown[:300]}`" if shown else ""
        said = "hung up" if status is None else str(status)
        said = said if as_expected and is_told(status, body) else f"**{said}**"
        lines.append(f"| {what} | {said} | {shown} | {'yes' if after else '**NO**'} |")
    return "\n".join(lines)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    options = parser.parse_args(arguments)
    rows = []
    with tempfile.TemporaryDirectory() as room:
        save_models(Path(room))
        for model, cases in (
            ("gan", for_the_generator),
            ("classes", of_classes),
            ("cyclegan", for_the_translator),
        ):
            with explorer(Path(room) / model) as port:
                for case in cases(port):
                    rows.append(tried(port, model, *case))
                    print(table(rows[-1:]).splitlines()[-1], flush=True)
    if options.output:
        head = (
            "# Bad requests\n\n`python -m benchmarks.bad_requests` sent these to the explorer. "
            "After each, the page and a good request\nwere asked for.\n\n"
        )
        with written_aside(options.output) as aside:
            aside.write_text(f"{head}{table(rows)}\n")
    good = [
        as_expected and after and is_told(status, body)
        for _, status, body, as_expected, after in rows
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
