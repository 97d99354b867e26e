"""The site of a folder on this machine, while it is written: `presswork serve`."""
