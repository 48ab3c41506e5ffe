"""The page that asks people, in a browser, and what their answers come to."""

import json
import math

import numpy as np
import pytest

from keras_gans.human_evaluation import added_answers, forced_choice_page, wilson_interval
from tests.backends import shown_on_tensorflow
from tests.browsers import in_a_browser, opened_browser

pytestmark = shown_on_tensorflow("a page and a few sums are the same on every backend")
Z = 1.959963984540054


def sets_of(number):
    """Dark images, which stand for real ones, and light ones."""
    dark = np.arange(number, dtype="uint8")[:, None, None, None] + np.zeros((4, 6, 3), "uint8")
    return dark, 255 - dark


@pytest.fixture(scope="module")
def browser():
    with opened_browser() as driver:
        yield driver


class Person:
    """What a person does and sees on a page."""

    def __init__(self, browser, folder, page, fragment=""):
        path = folder / "page.html"
        path.write_text(page, encoding="utf-8")
        browser.get("about:blank")  # Another fragment alone loads no page.
        browser.get(path.as_uri() + fragment)
        self.browser, self.run = browser, browser.execute_script

    def click(self, name):
        self.browser.find_element("id", name).click()

    def press(self, key):
        self.browser.find_element("tag name", "body").send_keys(key)

    def light(self):
        """Of the images shown, which are light."""
        return self.run(
            "return [...document.querySelectorAll('#images img')].map((image) => {"
            "  const canvas = document.createElement('canvas').getContext('2d');"
            "  canvas.drawImage(image, 0, 0); return canvas.getImageData(0, 0, 1, 1).data[0] > 127;"
            "})"
        )

    def text(self, name):
        return self.browser.find_element("id", name).text

    def wait_for(self, script):
        from selenium.webdriver.support.ui import WebDriverWait

        WebDriverWait(self.browser, 60).until(lambda browser: browser.execute_script(script))

    def result(self):
        return json.loads(self.run("return document.getElementById('json').value"))


@in_a_browser
def test_a_person_tells_real_images_from_generated_ones(browser, tmp_path):
    from selenium.webdriver.common.keys import Keys

    person = Person(browser, tmp_path, forced_choice_page(*sets_of(4), seed=3))
    assert person.text("task").startswith("8 images follow")
    person.click("start")
    order = []
    for i in range(8):
        assert person.text("place") == f"{i + 1} of 8"
        order += person.light()
        if i == 2:  # A slip, taken back.
            person.press(Keys.ARROW_LEFT if order[-1] else Keys.ARROW_RIGHT)
            person.press(Keys.BACKSPACE)
        if i == 7:  # A mistake: a light one taken for real, or a dark one for generated.
            person.press(Keys.ARROW_LEFT if order[-1] else Keys.ARROW_RIGHT)
        elif i % 2:
            person.click("right" if order[-1] else "left")
        else:
            person.press(Keys.ARROW_RIGHT if order[-1] else Keys.ARROW_LEFT)
    assert order not in ([False] * 4 + [True] * 4, [True] * 4 + [False] * 4)
    result = person.result()
    right = result["shares"]["right"]
    assert (right["count"], right["of"], right["share"]) == (7, 8, 0.875)
    assert right["interval"] == pytest.approx(wilson_interval(7, 8))
    wrong = "fake_taken_for_real" if order[-1] else "real_taken_for_fake"
    assert [result["shares"][name]["count"] for name in result["shares"] if name != "right"] == [
        int(name == wrong) for name in ("fake_taken_for_real", "real_taken_for_fake")
    ]
    assert (result["question"], result["seed"], result["number_fake"]) == ("real_or_fake", 3, 4)
    assert [a["shown"][0].startswith("fake") for a in result["answers"]] == order
    assert all(0 < answer["seconds"] < 60 for answer in result["answers"])
    assert "Right: 7 of 8, 87.5 % (95.0 % interval 52.9 % to 97.8 %)." in person.text("summary")
    link = person.run("return decodeURIComponent(document.getElementById('download').href)")
    assert json.loads(link.split(",", 1)[1]) == result
    person.click("copy")
    person.wait_for("return document.getElementById('copied').textContent === 'Copied.'")


@in_a_browser
def test_a_person_says_which_of_two_is_better(browser, tmp_path):
    page = forced_choice_page(*sets_of(6), question="which_is_better")
    person = Person(browser, tmp_path, page)
    person.click("start")
    sides = []
    for _ in range(5):  # Touches the light one.
        light = person.light()
        sides.append(light.index(True))
        person.browser.find_elements("css selector", "#images img")[sides[-1]].click()
    person.click("end")  # One is left out.
    assert len({*sides}) == 2
    result = person.result()
    assert result["shares"]["fake_preferred"] == {
        "count": 5, "of": 5, "share": 1, "interval": pytest.approx(wilson_interval(5, 5))
    }  # fmt: skip
    assert {a["said"].split("/")[0] for a in result["answers"]} == {"fake"}


@in_a_browser
def test_the_order_is_that_of_the_seed(browser, tmp_path):
    page = forced_choice_page(*sets_of(8), seed=5)

    def order(fragment):
        person = Person(browser, tmp_path, page, fragment)
        return person.run("return [trials.map(String), seed]")

    assert order("") == order("") == order("#5")
    assert order("#6")[0] != order("")[0]
    assert order("#6")[1] == 6
    assert sorted(order("#6")[0]) == sorted(order("")[0])


@in_a_browser
def test_the_page_needs_no_network_and_names_what_it_shows(browser, tmp_path):
    title = "</script><b>Photographs & others"
    page = forced_choice_page(*sets_of(2), title=title)
    person = Person(browser, tmp_path, page)
    assert person.text("title") == browser.title == title
    person.click("start")
    loaded = "return performance.getEntriesByType('resource').map((entry) => entry.name)"
    assert all(name.startswith("data:") for name in person.run(loaded))
    unnamed = (
        "return [...document.querySelectorAll('img, button, a, textarea, progress')].filter("
        "(e) => !(e.alt || e.textContent.trim() || e.ariaLabel || e.labels?.length)).length"
    )
    assert person.run(unnamed) == 0
    # Told apart by nothing but pixels.
    assert "real" not in person.run("return document.getElementById('images').innerHTML")
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.mark.parametrize(("count", "number"), [(0, 10), (3, 10), (50, 100), (999, 1000)])
def test_the_interval_has_the_shares_that_are_not_refuted(count, number):
    """At both ends the share that was counted lies z deviations off: Wilson's definition."""
    low, high = wilson_interval(count, number)
    assert low <= count / number <= high
    for end in (low, high):
        deviation = math.sqrt(end * (1 - end) / number)
        assert abs(count / number - end) == pytest.approx(Z * deviation, abs=1e-12)


def test_the_interval_of_nothing_is_everything():
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert wilson_interval(4, 4)[1] == 1.0


def answers(count, images="0f"):
    shares = {"right": {"count": count, "of": 8}, "fake_taken_for_real": {"count": 0, "of": 0}}
    return {"question": "real_or_fake", "images": images, "level": 0.95, "shares": shares}


def test_answers_of_several_persons_are_added():
    right, none = added_answers([answers(7), answers(4)]).values()
    assert (right["count"], right["of"], right["share"]) == (11, 16, 11 / 16)
    assert right["interval"] == [*wilson_interval(11, 16)]
    assert math.isnan(none["share"])
    with pytest.raises(ValueError, match="Answers to one page are added up, not to 2"):
        added_answers([answers(7), answers(7, images="1e")])


def test_what_cannot_be_asked_is_told(monkeypatch):
    dark, light = sets_of(2)
    for arguments, said in (
        ((dark, light, "which"), "one of real_or_fake, which_is_better, not 'which'"),
        ((dark, light[:, :2]), "another size, or none of them, would tell"),
        ((dark, light[:0]), "would tell which is which"),
        ((dark, light[:1], "which_is_better"), "these are 2 and 1"),
        ((np.zeros((1001, 1, 1, 1), "uint8"), light[:, :1, :1, :1]), "at most 1,000 images"),
    ):
        with pytest.raises(ValueError, match=said):
            forced_choice_page(*arguments)
    monkeypatch.setattr("keras_gans.human_evaluation.MOST_BYTES", 100)
    with pytest.raises(ValueError, match="MiB, more than 0: ask about fewer or smaller images"):
        forced_choice_page(dark, light)
