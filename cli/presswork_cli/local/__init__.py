"""The local cloud: the emulator, and what is deployed into it."""
