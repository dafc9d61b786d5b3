"""Text that is shown or saved for others: without what is secret in it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_HIDDEN = "***"
_SECRETS = (
    # What stands before the host of a URL; `ssh://git@host` names but a user.
    re.compile(r"(?P<before>(?<!ssh:)//)[^\s/@\"'`<>?#]*(?:@[^\s/@\"'`<>?#]*)*(?P<after>@)"),
    re.compile(r"(?P<before>ssh://[^\s/@:\"'`]+:)[^\s/@\"'`]+(?P<after>@)"),
    re.compile(
        r"(?P<before>[?&](?:access_|auth_|private_)?(?:token|key|api_key|password|secret|sig)=)"
        r"[^\s&#\"'`]+",
        re.IGNORECASE,
    ),
    # .netrc, and headers.
    re.compile(r"(?P<before>\blogin[ \t]+\S+\s+(?:account[ \t]+\S+\s+)?password[ \t]+)\S+"),
    re.compile(r"(?P<before>\bauthorization:[ \t]*(?:[a-z]+[ \t]+)?)\S+", re.IGNORECASE),
    re.compile(
        r"(?P<before>\b[A-Z0-9_]{0,60}(?:PASSWORD|TOKEN|SECRET|API_KEY)[A-Z0-9_]{0,60}"
        r"[ \t]*[=:][ \t]*[\"']?)[^\s\"'`]+"
    ),
    # Tokens by their first letters, as those who give them out have made them to be found.
    re.compile(
        r"\b(?:gh[pousr]_\w{20}\w*|github_pat_\w{20}\w*|glpat-[\w-]{20}[\w-]*|pypi-[\w-]{40}[\w-]*"
        r"|AKIA[0-9A-Z]{16}|hf_\w{30}\w*|npm_\w{30}\w*|xox[abpr]-[\w-]{10}[\w-]*)"
    ),
)


def without_secrets(text: str) -> str:
    """Put ``***`` in place of passwords and tokens: in URLs, .netrc, headers and variables."""
    for pattern in _SECRETS:
        text = pattern.sub(_hide, text)
    return text


def _hide(found: re.Match[str]) -> str:
    kept = found.groupdict()
    return f"{kept.get('before', '')}{_HIDDEN}{kept.get('after', '')}"


def as_json(value: Any, indent: int = 2) -> str:
    """Write a value as JSON without secrets, and with all but printable ASCII as escapes."""
    text = json.dumps(_without_secrets(value), indent=indent)
    return text.replace("\x7f", "\\u007f")


def _without_secrets(value: Any) -> Any:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, Mapping):
        return {_without_secrets(key): _without_secrets(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(one) for one in value]
    return value
