"""`python -m presswork_cli` is `presswork`."""

import sys


def main() -> None:
    """Runs the command. A build that has little to do ends before all others are loaded."""
    if sys.argv[1:2] == ["build"]:
        from presswork_cli.offline.at_once import ended  # noqa: PLC0415 - as it says

        try:
            code = ended(sys.argv[2:])
        except KeyboardInterrupt:
            from presswork_cli.failure import Exit  # noqa: PLC0415 - as above

            sys.exit(Exit.INTERRUPTED)
        if code is not None:
            sys.exit(code)
    from presswork_cli import app  # noqa: PLC0415 - as above

    app.main()


if __name__ == "__main__":
    main()
