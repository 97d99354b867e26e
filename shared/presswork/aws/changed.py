"""The sign that somebody else wrote first."""


class Changed(Exception):
    """What a conditional write relied on has changed since it was read: read again."""
