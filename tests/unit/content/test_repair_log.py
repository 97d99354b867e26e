"""What is to be said of a source, collected."""

from presswork.content.repair_log import RepairLog


def test_a_warning_stands_once_for_its_rule_and_message() -> None:
    """The first instance gives the line; a line that is known needs no search."""
    log = RepairLog("one\ntwo {{ x }}\n{{ x }}\n", 5)
    log.add_warning("template", "It stays.", "Delete it.", sign="{{ x }}")
    log.add_warning("template", "It stays.", "Delete it.", sign="{{ x }}")
    log.add_warning("template", "Another stays.", "Delete it.", line=3)
    told = [(each.line, each.count, each.message) for each in log.warnings()]
    assert told == [(6, 2, "It stays."), (3, 1, "Another stays.")]
    assert log.repairs() == ()
