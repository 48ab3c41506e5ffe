"""Programs that a benchmark runs once and keeps."""

import json
import resource
import subprocess
import sys
import time


def run_timed(command, folder):
    """Run `python -m` with a command whose results go to a folder, unless it has ended before.

    An interrupted run is gone on with. What the program prints goes to a file beside the folder.

    Args:
        command: List, the module and its arguments without `--output` and `--resume`.
        folder: `pathlib.Path`.

    Returns:
        Dict: "clock" and "processor", the seconds it took, and whether it was "resumed", which
        makes them those of the last part only.
    """
    times = folder.with_suffix(".seconds.json")
    if times.exists():
        return json.loads(times.read_text())
    folder.parent.mkdir(parents=True, exist_ok=True)
    resumed = (folder / "settings.json").exists()
    command = [sys.executable, "-m", *command, "--output", str(folder)]
    before, start = processor_seconds(), time.perf_counter()
    with open(folder.with_suffix(".log"), "a") as log:
        subprocess.run(
            [*command, "--resume"] if resumed else command, check=True, stdout=log, stderr=log
        )
    seconds = {
        "clock": time.perf_counter() - start,
        "processor": processor_seconds() - before,
        "resumed": resumed,
    }
    times.write_text(json.dumps(seconds))
    return seconds


def processor_seconds():
    """Those of the programs that this one has started and seen end."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def clock_of(seconds):
    """The time by the clock of what `run_timed` returned, marked where it is of the last part."""
    return minutes(seconds["clock"]) + (" (resumed)" if seconds["resumed"] else "")


def minutes(seconds):
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
