"""What each function imports when it starts: `make imports` writes it, a test holds it.

A list has the modules of presswork, the packages of others, and those of Python's own library that
take long. It is the same whatever Python runs, unlike the whole of what is loaded.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from template.stack import REPOSITORY, Stack

LISTS = REPOSITORY / "tests" / "template" / "imports"
STAGES = ("images", "index", "maintain", "notify", "parse", "render", "status", "webhook")
STACK = Stack(
    {
        "MailFrom": "from@example.org",
        "MailTo": "to@example.org",
        "AuthorEmail": "author@example.org",
        "HookUrl": "https://hooks.example.org/",
    }
)

# The packages of Python that cost milliseconds, as far as boto3 does not bring them.
_SLOW = frozenset(
    {
        *("asyncio", "ctypes", "doctest", "multiprocessing", "pdb", "pydoc", "sqlite3"),
        *("tomllib", "unittest", "xmlrpc"),
    }
)

# Starts a function, and prints the modules that it imports, each with who asked for it first.
_TRACE = """
import json, sys

importers = {}

class Noting:
    @staticmethod
    def find_spec(name, path=None, target=None):
        frame = sys._getframe(1)
        while frame.f_globals.get("__name__", "").startswith("importlib"):
            frame = frame.f_back
        importers.setdefault(name, frame.f_globals.get("__name__"))

before = set(sys.modules)
sys.meta_path.insert(0, Noting)
import app
own = {
    name: importers[name]
    for name, module in sys.modules.items()
    if name not in before and name in importers
    and (name.startswith("presswork") or hasattr(module, "__path__") or "." not in name)
}
print(json.dumps(own))
"""


def environment(stage: str, stack: Stack = STACK) -> dict[str, str]:
    """The variables that the template gives to a stage; names of resources are made up."""
    function = stack.of("AWS::Lambda::Function")[f"{stage.capitalize()}Function"]
    declared = {
        name: value if isinstance(value, str) else stack.parameters.get(value.get("Ref"), "made-up")
        for name, value in function["Environment"]["Variables"].items()
    }
    folders = (REPOSITORY / "shared", folder(stage))
    return declared | {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def folder(stage: str) -> Path:
    """The folder of a stage's function."""
    return REPOSITORY / "functions" / stage


def imports(stage: str) -> dict[str, str]:
    """What the list of a stage has to name, and which module imports it."""
    traced = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _TRACE],
        cwd=folder(stage),
        env=environment(stage),
        capture_output=True,
        text=True,
        check=False,
    )
    assert traced.returncode == 0, traced.stderr
    found: dict[str, str] = json.loads(traced.stdout.splitlines()[-1])
    return {name: importer for name, importer in found.items() if _is_held(name)}


def _is_held(name: str) -> bool:
    top = name.partition(".")[0]
    return name in _SLOW or not (top in sys.stdlib_module_names or top == "app" or top[0] == "_")


def listed(stage: str) -> list[str]:
    """The list of a stage, as it was written last."""
    return (LISTS / f"{stage}.txt").read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    for each in STAGES:
        text = "".join(f"{name}\n" for name in sorted(imports(each)))
        (LISTS / f"{each}.txt").write_text(text, encoding="utf-8")
