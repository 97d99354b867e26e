"""Signs what schemathesis sends, as it is sent: it reads this file by SCHEMATHESIS_HOOKS."""

import base64
import hashlib
import hmac
import os
import time
from typing import Any
from uuid import uuid4

import schemathesis
from requests.auth import AuthBase

_KEY = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))


class StandardWebhooks(AuthBase):
    """The three headers, made of the body that is sent."""

    def __call__(self, request: Any) -> Any:
        """Signs a request of `requests`, whatever its headers were."""
        id, now = f"msg_{uuid4().hex}", str(int(time.time()))
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else body
        made = hmac.digest(_KEY, f"{id}.{now}.".encode() + data, hashlib.sha256)
        request.headers["webhook-id"] = id
        request.headers["webhook-timestamp"] = now
        request.headers["webhook-signature"] = "v1," + base64.b64encode(made).decode()
        return request


schemathesis.auth.set_from_requests(StandardWebhooks())
