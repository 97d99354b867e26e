"""The kinds of notes that other tools know, by the alert that each becomes."""

KINDS = {
    "note": "note abstract summary tldr info todo example question help faq seealso cite quote "
    "primary secondary default definition",
    "tip": "tip hint success check done",
    "important": "important",
    "warning": "warning warn attention question-warning alert",
    "caution": "caution danger error failure fail missing bug",
}
"""Each alert that the site has a look for, and what else it is called."""

ALERTS = {name: kind for kind, names in KINDS.items() for name in names.split()}
