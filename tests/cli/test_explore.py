"""The explorer's page, in a browser."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest
from PIL import Image

from keras_gans_cli.explore import main
from tests.backends import programs_once
from tests.browsers import in_a_browser, opened_browser
from tests.harness import cyclegan, gan
from tests.serving.conftest import clothes, infogan

pytestmark = programs_once


@contextlib.contextmanager
def explored(model, folder):
    """The address of the program's page, in a process of its own."""
    model.save(folder / "small.keras")
    process = subprocess.Popen(
        [sys.executable, "-m", "applications.explore", folder / "small.keras", "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process.stdout.readline().split()[3]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        process.stdout.close()


@pytest.fixture(scope="module")
def browser():
    with opened_browser() as driver:
        yield driver


class Page:
    """What a person does and sees."""

    def __init__(self, browser, url):
        self.run = browser.execute_script
        self.browser = browser
        browser.get(url)
        self.wait_for("return Number(document.body.dataset.drawn) >= 1")

    def wait_for(self, script):
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.browser, 60).until(lambda browser: browser.execute_script(script))

    def seen(self, name):
        return self.run(f"return document.getElementById('{name}').src")

    def wait_for_another(self, name, before):
        self.wait_for(f"return document.getElementById('{name}').src !== '{before}'")
        return self.seen(name)

    def put(self, name, value):
        self.run(
            f"const it = document.getElementById('{name}'); it.value = {value};"
            "it.dispatchEvent(new Event('input', {bubbles: true}));"
        )

    def side(self, name):
        return self.run(f"return document.getElementById('{name}').naturalWidth")

    def is_quiet(self):
        """Nothing is complained of, neither on the page nor in the console."""
        hidden = self.run("return document.getElementById('error').hidden")
        return hidden and not self.browser.get_log("browser")


@in_a_browser
def test_a_generator_is_looked_around_in(browser, tmp_path):
    with explored(gan(), tmp_path) as url:
        page = Page(browser, url)
        page.wait_for("return document.getElementById('image').naturalWidth === 16")
        first = page.seen("image")
        page.put("direction_0", 4)
        moved = page.wait_for_another("image", first)
        browser.find_element("id", "centre").click()
        assert page.wait_for_another("image", moved) == first
        page.put("position", 1)
        end = page.wait_for_another("image", first)
        page.put("position", 0)
        page.wait_for_another("image", end)
        page.put("seed", 1)  # That to which the way went.
        assert page.wait_for_another("image", first) == end
        (way, neighbours) = (
            page.run(f"return document.querySelectorAll('#{name} img').length")
            for name in ("way", "neighbours")
        )
        assert (way, neighbours) == (9, 25)
        page.run("document.querySelector('#neighbours button').click()")
        page.wait_for_another("image", end)
        assert page.run("return document.getElementById('direction_0').value") == "-2"
        for name in ("image", "way", "neighbours"):
            link = f"document.getElementById('save_{name}')"
            page.wait_for(f"return {link}.href.startsWith('data:image/png')")
            assert page.run(f"return {link}.download").endswith(".png")
        labelled = "return [...document.querySelectorAll('input, select')].every(x => x.labels[0])"
        assert page.run(labelled)
        assert page.is_quiet()


@in_a_browser
def test_a_class_is_chosen(browser, tmp_path):
    with explored(clothes(), tmp_path) as url:
        page = Page(browser, url)
        page.wait_for("return document.getElementById('image').naturalWidth === 4")
        first = page.seen("image")
        names = "return [...document.getElementById('choice_labels').options].map(x => x.text)"
        assert page.run(names) == ["shirt", "bag", "boot"]
        page.put("direction_0", 4)
        page.wait_for_another("image", first)
        page.put("choice_labels", 2)
        page.wait_for("return document.getElementById('direction_0').value === '0'")
        page.wait_for(
            "return document.querySelector('#directions').childElementCount === 4"
            f"&& document.getElementById('image').src !== '{first}'"
        )
        page.put("choice_labels", 0)
        page.wait_for(f"return document.getElementById('image').src === '{first}'")
        labelled = "return [...document.querySelectorAll('input, select')].every(x => x.labels[0])"
        assert page.run(labelled)
        assert page.is_quiet()


@in_a_browser
def test_codes_are_moved(browser, tmp_path):
    with explored(infogan(), tmp_path) as url:
        page = Page(browser, url)
        page.wait_for("return document.getElementById('image').naturalWidth === 4")
        first = page.seen("image")
        page.put("code_1", 1.5)
        moved = page.wait_for_another("image", first)
        across = "return [...document.getElementById('across').options].map(x => x.text)"
        assert page.run(across)[:3] == ["style 1", "style 2", "direction 1"]
        page.put("choice_category", 1)  # It has directions of its own; codes stay.
        page.wait_for_another("image", moved)
        assert page.run("return document.getElementById('code_1').value") == "1.5"
        page.put("choice_category", 0)
        page.wait_for(f"return document.getElementById('image').src === '{moved}'")
        browser.find_element("id", "centre").click()
        assert page.wait_for_another("image", moved) == first
        labelled = "return [...document.querySelectorAll('input, select')].every(x => x.labels[0])"
        assert page.run(labelled)
        assert page.is_quiet()


@in_a_browser
def test_a_mistake_is_a_sentence_that_goes_away(browser, tmp_path):
    with explored(gan(), tmp_path) as url:
        page = Page(browser, url)
        page.put("seed", -1)
        page.wait_for("return !document.getElementById('error').hidden")
        assert "whole number from 0" in browser.find_element("id", "error").text
        page.put("seed", 2)
        page.wait_for("return document.getElementById('error').hidden")
    page.put("seed", 3)
    page.wait_for("return !document.getElementById('error').hidden")
    assert "Is it still running?" in browser.find_element("id", "error").text
    browser.get_log("browser")


@in_a_browser
def test_an_image_is_dropped_and_translated(browser, tmp_path):
    Image.new("RGB", (32, 16), "red").save(tmp_path / "picture.png")
    with explored(cyclegan(), tmp_path) as url:
        page = Page(browser, url)
        browser.find_element("id", "file").send_keys(str(tmp_path / "picture.png"))
        page.wait_for("return document.getElementById('after').naturalWidth === 32")
        chosen = page.seen("after")
        page.put("translation", "'b_to_a'")
        other = page.wait_for_another("after", chosen)
        page.put("translation", "'a_to_b'")
        page.wait_for_another("after", other)
        page.run(
            "const file = document.getElementById('file').files[0];"
            "const data = new DataTransfer();"
            "data.items.add(new File([file], 'dropped.png'));"
            "document.getElementById('after').src = '';"
            "document.getElementById('drop').dispatchEvent("
            "  new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));"
        )
        page.wait_for(f"return document.getElementById('after').src === '{chosen}'")
        assert page.is_quiet()
        page.run(
            "const data = new DataTransfer();"
            "data.items.add(new File(['no picture'], 'notes.txt'));"
            "document.dispatchEvent(new DragEvent('drop', {dataTransfer: data}));"
        )
        page.wait_for("return !document.getElementById('error').hidden")
        assert "are no PNG" in browser.find_element("id", "error").text
        browser.get_log("browser")


def test_bad_input_gets_one_line(tmp_path, capsys):
    (tmp_path / "notes.keras").write_text("no model")
    for arguments, said in (
        ([str(tmp_path / "none.keras")], "There is no model"),
        ([str(tmp_path / "notes.keras")], "notes.keras"),
    ):
        assert main([*arguments, "--no-browser"]) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert said in line
    assert os.listdir(tmp_path) == ["notes.keras"]


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_port_that_is_none_is_told(port, capsys):
    with pytest.raises(SystemExit) as exit_status:
        main(["model.keras", "--port", port])
    assert exit_status.value.code == 2
    assert "from 0 to 65535" in capsys.readouterr().err
