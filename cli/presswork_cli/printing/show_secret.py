"""What a person sees of a secret."""

from presswork_cli.printing.answers import SecretAnswer
from presswork_cli.printing.terminal import progress, results


def kept(answer: SecretAnswer) -> None:
    """Where it is; on standard output the secret itself, and nothing else."""
    how = "replaced" if answer.replaced else "set"
    progress.print(f"{how} {answer.parameter}, in force at once", markup=False, style="dim")
    if answer.secret is not None:
        progress.print("It is shown this once:", markup=False, style="dim")
        results.print(answer.secret, markup=False)
