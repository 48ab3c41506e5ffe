"""What each case of the harness takes, printed at the end of a run of pytest."""

import collections

import keras

# Seconds on one of two idle cores: thirty cases of this size leave the whole of `.ci/run` time.
BUDGET = {"tensorflow": 20, "jax": 30, "torch": 20}[keras.backend.backend()]


class Durations:
    """A plugin of pytest that adds up the tests of each case, those of other processes too."""

    def __init__(self):
        self.seconds = collections.Counter()

    def pytest_itemcollected(self, item):
        if item.get_closest_marker("case"):
            # Reports carry it from the processes of pytest-xdist to the one that prints.
            item.user_properties.append(("case", item.cls.__name__.removeprefix("Test")))

    def pytest_runtest_logreport(self, report):
        self.seconds[dict(report.user_properties).get("case")] += report.duration

    def pytest_terminal_summary(self, terminalreporter):
        total = sum(self.seconds.values())
        self.seconds.pop(None, None)
        if not self.seconds:
            return
        terminalreporter.section(f"seconds of each case, of {BUDGET}, and share of all tests")
        for case, seconds in self.seconds.most_common():
            mark = "  over its budget" if seconds > BUDGET else ""
            terminalreporter.write_line(f"{seconds:6.1f} {seconds / total:4.0%}  {case}{mark}")
