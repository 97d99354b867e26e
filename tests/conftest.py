"""`--no-skips`: a skipped test fails the run, unless it needs what stands beside the project."""

import os
from pathlib import Path

import hypothesis
import pytest

# CI tries the same examples each time: a new find is a new issue, not a red main. How fast a
# machine makes and tries them is no finding.
hypothesis.settings.register_profile(
    "ours",
    derandomize="CI" in os.environ,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("ours")

ALLOWED = "needs ../shared"
SHARED = Path(__file__).parents[2] / "shared"
SEEDS = SHARED / "seeds"
HISTORY = SHARED / "corpus" / "18f" / "history.jsonl"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips",
        action="store_true",
        help=f"fail when a test is skipped for a reason that does not start with {ALLOWED!r}",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Skips(config), "presswork-skips")


class _Skips:
    """Keeps the reason of each skip, and fails the run at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.reasons: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._keep(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._keep(report)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self._refused() and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for test, reason in self._refused().items():
            terminalreporter.write_line(
                f"SKIPPED, which fails this run: {test}: {reason}", red=True
            )

    def _keep(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
            self.reasons[report.nodeid] = str(reason).removeprefix("Skipped: ")

    def _refused(self) -> dict[str, str]:
        if not self.config.getoption("--no-skips"):
            return {}
        return {
            test: reason for test, reason in self.reasons.items() if not reason.startswith(ALLOWED)
        }


@pytest.fixture
def seeds() -> list[Path]:
    """The real posts that stand beside the project."""
    found = sorted(SEEDS.glob("*.txt")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip(f"{ALLOWED}/seeds")
    return found


@pytest.fixture
def history() -> Path:
    """What became of a real blog over the years, one put or delete a line."""
    if not HISTORY.is_file():
        pytest.skip(f"{ALLOWED}/corpus/18f")
    return HISTORY
