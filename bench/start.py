"""Measures what each function's start costs beyond its floor: `make bench`.

The floor is what importing boto3 and making the function's clients takes, as a handler of three
lines would. Both are CPU time of a fresh interpreter from its first line on, with bytecode, by
turns, and the median of all. What is put off is all that a start leaves to the messages which need
it: models, patterns, and the processor of batches. No message needs all of it.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from starts import STAGES, environment, folder

RUNS = 15

_FLOOR = """
import json, sys, time
begin = time.process_time()
import boto3
for service in {services}:
    boto3.client(service)
seconds = time.process_time() - begin
print(json.dumps([seconds, len(sys.modules), 0]))
"""

_START = """
import json, sys, time
begin = time.process_time()
import app
seconds, modules = time.process_time() - begin, len(sys.modules)

import gc
from presswork.deferred import Deferred
from presswork.patterns import LatePattern
gc.unfreeze()
patterns = [each for each in gc.get_objects() if type(each) is LatePattern]

def build(model):
    for each in model.__subclasses__():
        each.model_rebuild()
        build(each)

begin = time.process_time()
for each in patterns:
    each.compiled()
build(Deferred)
import aws_lambda_powertools.utilities.batch
late = time.process_time() - begin
print(json.dumps([seconds, modules, late]))
"""

_CLIENTS = """
import json
from botocore.session import Session
made, make = [], Session.create_client
Session.create_client = lambda self, name, *a, **k: made.append(name) or make(self, name, *a, **k)
import app
print(json.dumps(made))
"""


class Run(NamedTuple):
    """One start: CPU seconds, modules in the end, and seconds that were put off."""

    seconds: float
    modules: int
    late: float


def run(stage: str, program: str, bytecode: str) -> list[Any]:
    """What a program prints last, in the environment of a stage."""
    answer = subprocess.run(  # noqa: S603 - the programs stand above
        [sys.executable, "-W", "ignore", "-c", program],
        cwd=folder(stage),
        env=environment(stage) | {"PYTHONPYCACHEPREFIX": bytecode},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Prints a row for each function."""
    print(f"CPU of a start, median of {RUNS} by turns; Python {sys.version.split()[0]}")
    print("function   floor ms   start ms   ratio   modules   put off ms   clients")
    with tempfile.TemporaryDirectory() as bytecode:
        for stage in STAGES:
            services = run(stage, _CLIENTS, bytecode)
            floor = _FLOOR.format(services=services)
            floors, starts = [], []
            for _ in range(RUNS):
                floors.append(Run(*run(stage, floor, bytecode)))
                starts.append(Run(*run(stage, _START, bytecode)))
            low = 1000 * median(each.seconds for each in floors)
            high = 1000 * median(each.seconds for each in starts)
            late = 1000 * median(each.late for each in starts)
            print(
                f"{stage:8} {low:10.0f} {high:10.0f} {high / low:7.2f}"
                f" {floors[0].modules:5}/{starts[0].modules:<4} {late:9.0f}   {', '.join(services)}"
            )


if __name__ == "__main__":
    main()
