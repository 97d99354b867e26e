"""What the roles of the local cloud did in all tests before, held to the template."""

import sys

from e2e import rights
from e2e.local import Local
from template.rights import grants, refused, table
from template.stack import Stack


def test_no_role_did_what_it_may_not(local: Local) -> None:
    """Whatever a role did is granted to it; what the run left unused is printed with `-s`."""
    used = set(rights.uses(local))
    granted = grants(Stack({"MailFrom": "a@example.com", "LocalPort": "4566"}))
    sys.stdout.write("\n".join(["", *table(granted, used), ""]))
    assert used
    assert refused(granted, used) == []
