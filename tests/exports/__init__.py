"""Exports of tools that have no folder: hand-made to their documented forms, and read by tests."""

from pathlib import Path

HERE = Path(__file__).parent

WORDPRESS = HERE / "wordpress.xml"
"""WXR 1.2, as WordPress 6.5 writes it: a blog with the permalink "day and name"."""
GHOST = HERE / "ghost.json"
"""An export of Ghost 5.82."""

EXPORTS = {"wordpress": WORDPRESS, "ghost": GHOST}

PRIVATE = {
    "wordpress": [
        "draftword",
        "pendingword",
        "privateword",
        "lockedword",
        "futureword",
        "trashword",
        "pluginword",
        "secretpage",
        "revisionword",
        "hunter2secret",
        "mail.example",
        "post.example",
        "192.0.2.7",
    ],
    "ghost": [
        "draftword",
        "memberword",
        "paidword",
        "tierword",
        "filterword",
        "mailword",
        "statusword",
        "futureword",
        "mailaloneword",
        "secretpage",
        "gatedword",
        "ctaword",
        "emailword",
        "signupword",
        "secret-hash-word",
        "settings-secret-word",
        "mail.example",
        "alert(",
        "track(",
    ],
}
"""Words of what readers of the old blog were not shown."""
