"""Lines for a shell that send a first post to a source, as they are copied."""

_LINES = """\
SECRET='{secret}' URL='{url}'
id=msg_$(date +%s)_$$ time=$(date +%s)
body='{body}'
key=$(printf %s "${{SECRET#whsec_}}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')
signature=$(printf %s "$id.$time.$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
curl -sS "$URL" -H 'content-type: application/json' -H "webhook-id: $id" \\
  -H "webhook-timestamp: $time" -H "webhook-signature: v1,$signature" --data-binary "$body"
"""

_BODY = '{{"key": "{key}.md", "content": "# Hello from {source}\\n\\nIt came by a webhook.\\n"}}'


def lines(source: str, url: str, secret: str) -> str:
    """A post as JSON, signed by openssl and sent by curl.

    Its name has that of its source, so that the posts of two want two paths.
    """
    body = _BODY.format(key=f"hello-from-{source}", source=source)
    return _LINES.format(secret=secret, url=url, body=body)
