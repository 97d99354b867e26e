"""A post in parts, as the file that its author would have written."""

from typing import Any

from presswork.http_api import Refusal
from presswork.stages.webhook.documents import HtmlPost, MarkdownPost

MAX_FRONT_MATTER = 64 * 1024
"""As much as is read of it: docs/content.md."""

_HALF = "A text has half of a surrogate pair, such as \\ud83d: send whole characters."
_LINE_ENDS = "\x85\u2028\u2029"
"""Line ends of YAML 1.1 that are none anywhere else: libyaml folds lines at them."""


def file_of(post: MarkdownPost | HtmlPost) -> str:
    """The file of a post: front matter in YAML, if there is any, and the text below it."""
    text = post.markdown if isinstance(post, MarkdownPost) else post.html
    fields = post.front_matter
    return f"---\n{_yaml(fields)}---\n\n{text}" if fields else text


def encoded(text: str) -> bytes:
    """The bytes of a text; Refusal where it is none that UTF-8 has."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Refusal(400, _HALF) from error


def _yaml(fields: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415 - most requests bring a file

    class Dumper(yaml.CSafeDumper):
        """YAML without anchors, and with texts that are read back as they are."""

        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as yaml calls it
            """Nothing is written by reference."""
            return True

    def spelled(dumper: yaml.CSafeDumper, text: str) -> yaml.ScalarNode:
        style = '"' if set(text) & set(_LINE_ENDS) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    Dumper.add_representer(str, spelled)
    try:
        written: str = yaml.dump(
            fields, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=MAX_FRONT_MATTER
        )
    except RecursionError as error:
        raise Refusal(400, "The fields are nested too deeply: 32 levels are read.") from error
    except UnicodeEncodeError as error:
        raise Refusal(400, _HALF) from error
    if len(written.encode()) > MAX_FRONT_MATTER:
        raise Refusal(
            400, f"The fields beside the text make more than {MAX_FRONT_MATTER} bytes: send fewer."
        )
    return written
