"""What a function does about garbage while it starts: nothing, and what is there then stays.

Importing makes hundreds of thousands of objects, next to none of which is garbage. Looking for it
takes a tenth of the time of a start, and again of each collection later, unless they are set aside.
"""

import gc


def begin() -> None:
    """Nobody looks for garbage, until `done`."""
    gc.disable()


def done() -> None:
    """Garbage is looked for again, and no more among what is there by now."""
    gc.freeze()
    gc.enable()
