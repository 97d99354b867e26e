"""The command `presswork`, and the cloud that it runs on one machine."""
