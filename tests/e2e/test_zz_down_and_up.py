"""Down and up again; runs last, by its name, since it gives every other test a new process."""

from e2e.local import Local, markdown
from presswork_cli.local import emulator
from presswork_cli.local.deployment import start


def test_what_was_published_survives_down_and_up(local: Local) -> None:
    """After a stop and a start the page is there, and a new post joins the old one in the feed."""
    url = local.live("posts/survivor.md", markdown("A survivor", date="2026-03-04"))
    with emulator.alone(local.layout):
        emulator.stop(local.layout, local.cloud.record)
        assert emulator.running(local.layout) is None
        unset = local.options.model_copy(update={"connect_to": (), "hook": ""})
        local.cloud = start(local.layout, unset)
    assert local.get(url).status == 200
    local.live("posts/newcomer.md", markdown("A newcomer", date="2026-03-05"))
    assert {"A survivor", "A newcomer"} <= local.feed()


def test_options_not_given_are_unset(local: Local) -> None:
    """The `up` before this, without --hook and --connect-to, left neither in the functions."""
    functions = local.cloud.client("lambda").list_functions()["Functions"]
    variables = [function["Environment"]["Variables"] for function in functions]
    assert {v[name] for v in variables for name in ("CONNECT_TO", "HOOK_URL") if name in v} == {""}
