"""What people say of images: a page that asks them, and the interval of their answers."""

import base64
import hashlib
import html
import io
import json
import math
import statistics
from pathlib import Path

from keras_gans.data.resizing import to_pillow

__all__ = ["added_answers", "forced_choice_page", "wilson_interval"]

PAGE = Path(__file__).with_suffix(".html")
QUESTIONS = ("real_or_fake", "which_is_better")
LEVEL = 0.95
MOST_IMAGES = 1000  # Nobody answers more in one go.
MOST_BYTES = 64 * 2**20


def forced_choice_page(real, fake, question="real_or_fake", seed=0, title="Images to judge"):
    """A self-contained HTML page that asks a person about images, one forced choice after another.

    It holds the images, works without a network, by keys and by touch, and ends with the answers as
    JSON, with the interval of each share. The order follows from the seed; `page.html#7` is the
    same study in the order of seed 7, for another person. File names and formats are left out:
    nothing but pixels can tell what is real. Who reads the source of the page can cheat.

    Args:
        real: uint8 array `(n, height, width, channels)`: real images, or those of one generator.
        fake: uint8 array `(m, height, width, channels)` of the same size: generated images.
        question: String: "real_or_fake" of one image after another, or "which_is_better" of pairs
            of one image of each set, on random sides; n = m then.
        seed: Integer from 0 on, of the order and the sides.
        title: String, what the page is called.

    Returns:
        String, the HTML.

    Raises:
        ValueError: Another question, images of two sizes, none of one kind, unequal numbers of them
            in pairs, more than 1,000 images or 64 MiB.

    Example:
        >>> images = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), "uint8")
        >>> page = forced_choice_page(images[:2], images[2:])
        >>> page.count("data:image/png")
        4

    References:
        Zhou et al. 2019, HYPE, arXiv:1904.01121: "real_or_fake" without a limit of time, its error
        rate that of HYPE-infinity.
    """
    if question not in QUESTIONS:
        raise ValueError(f"`question` is one of {', '.join(QUESTIONS)}, not {question!r}.")
    if real.shape[1:] != fake.shape[1:] or not len(real) or not len(fake):
        raise ValueError(
            f"Images of two sets of one size are asked about, not {real.shape} and {fake.shape}: "
            "another size, or none of them, would tell which is which."
        )
    if question == "which_is_better" and len(real) != len(fake):
        raise ValueError(
            f"Pairs have one image of each set; these are {len(real)} and {len(fake)}."
        )
    if len(real) + len(fake) > MOST_IMAGES:
        raise ValueError(
            f"A page asks about at most {MOST_IMAGES:,} images, not {len(real) + len(fake):,}."
        )
    sets = {"real": [data_uri(image) for image in real], "fake": [data_uri(i) for i in fake]}
    study = {
        "title": title,
        "question": question,
        "images": hashlib.sha256(json.dumps(sets).encode()).hexdigest()[:12],
        "seed": seed,
        "height": real.shape[1],
        "width": real.shape[2],
        "level": LEVEL,
        "z": quantile(LEVEL),
        "interval": "Wilson",
        **sets,
    }
    # Nothing in it can end the script that it stands in.
    written = json.dumps(study).replace("<", "\\u003c")
    if len(written) > MOST_BYTES:
        raise ValueError(
            f"The page would have {len(written) / 2**20:.0f} MiB, more than {MOST_BYTES // 2**20}: "
            "ask about fewer or smaller images."
        )
    page = PAGE.read_text(encoding="utf-8")
    page = page.replace("<title>Which images look real?", f"<title>{html.escape(title)}")
    return page.replace(">STUDY<", f">{written}<")


def data_uri(image):
    """A PNG of a uint8 array `(height, width, channels)` as an address that holds it."""
    file = io.BytesIO()
    to_pillow(image).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def quantile(level):
    """How many deviations from its mean a normal number is, at most, with this probability."""
    return statistics.NormalDist().inv_cdf((1 + level) / 2)


def wilson_interval(count, number, level=LEVEL):
    """The interval of a share that was counted, Wilson's.

    Args:
        count: Integer, how many it was.
        number: Integer, of how many; their answers are taken to be independent.
        level: Float between 0 and 1, of confidence.

    Returns:
        `(low, high)`, floats in [0, 1]; all of it of none.

    Example:
        >>> [round(end, 3) for end in wilson_interval(50, 100)]
        [0.404, 0.596]

    References:
        Wilson 1927, Probable inference, the law of succession, and statistical inference.
    """
    if not number:
        return 0.0, 1.0
    share, z2 = count / number, quantile(level) ** 2
    middle = (share + z2 / (2 * number)) / (1 + z2 / number)
    inner = share * (1 - share) / number + z2 / (4 * number**2)
    half = math.sqrt(z2 * inner) / (1 + z2 / number)
    return max(0.0, middle - half), min(1.0, middle + half)


def added_answers(results):
    """The shares of several persons' answers to one page, added up.

    The interval takes all answers for independent. Those of one person are not, so with few persons
    it is too narrow: look at the share of each.

    Args:
        results: List of dicts, the JSON that the page ends with.

    Returns:
        Dict from "right", "fake_taken_for_real" and "real_taken_for_fake", or from
        "fake_preferred", to dicts of "count", "of", "share" and "interval".

    Raises:
        ValueError: They are of different pages, or none.

    Example:
        >>> shares = {"fake_preferred": {"count": 1, "of": 4}}
        >>> one = {"question": "which_is_better", "images": "0f", "level": 0.95, "shares": shares}
        >>> added_answers([one, one])["fake_preferred"]["share"]
        0.25
    """
    studies = {tuple(result[key] for key in ("question", "images", "level")) for result in results}
    if len(studies) != 1:
        raise ValueError(
            f"Answers to one page are added up, not to {len(studies)}: those of other images or "
            "another question stand by themselves."
        )
    ((_, _, level),) = studies
    added = {}
    for name in results[0]["shares"]:
        count, number = (sum(r["shares"][name][key] for r in results) for key in ("count", "of"))
        share = count / number if number else float("nan")
        interval = [*wilson_interval(count, number, level)]
        added[name] = {"count": count, "of": number, "share": share, "interval": interval}
    return added
