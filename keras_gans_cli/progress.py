"""How far a long job is, and how long the rest takes."""

import sys
import time

WIDTH = 20
EVERY = 30  # Seconds from one line to the next where no terminal shows them.


class Progress:
    """One line that is written over on a terminal; in a log or a pipe a line now and then.

    Args:
        total: Integer, how many things there are.
        unit: String, what they are.
    """

    def __init__(self, total, unit):
        self.total = total
        self.unit = unit
        self.terminal = sys.stdout.isatty()
        self.begun = self.told = None

    def update(self, done):
        """So many are done; those of the first call were done before, and took no time."""
        now = time.monotonic()
        if self.begun is None:
            self.begun = now, done
        ended = done >= self.total
        every = 0.2 if self.terminal else EVERY
        if not ended and self.told is not None and now - self.told < every:
            return
        self.told = now
        line = f"{done:,} of {self.total:,} {self.unit}{self._left(now, done)}"
        if self.terminal:
            full = WIDTH * done // max(self.total, 1)
            bar = "#" * full + "-" * (WIDTH - full)
            print(f"\r{bar} {line:50}", end="\n" if ended else "", flush=True)
        else:
            print(line, flush=True)

    def _left(self, now, done):
        start, before = self.begun
        seconds = now - start
        if done >= self.total:
            return f" in {time_of(seconds)}"
        if done == before or seconds == 0:
            return ""
        rate = (done - before) / seconds
        return f", {rate:.3g} a second, {time_of((self.total - done) / rate)} left"


def time_of(seconds):
    """ "12 s", "3:05 min" or "2:05 h"."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    large, small, unit = (*divmod(seconds, 60), "min")
    if large >= 60:
        large, small, unit = (*divmod(large, 60), "h")
    return f"{large}:{small:02d} {unit}"
