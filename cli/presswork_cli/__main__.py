"""`python -m presswork_cli` is `presswork`."""

from presswork_cli.app import main

main()
