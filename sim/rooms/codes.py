"""Codes that people type, and tokens that only links carry."""

import hashlib
import secrets

LETTERS = "CDFGHJKMNPQRTVWXY34679"
"""What a code is made of: nothing that looks like something else, and no vowels, so that no code is a word."""
LENGTH = 6
_TOKEN_BYTES = 16


def new_code() -> str:
    """A room's code, one of about a hundred million."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def tidy(code: str) -> str:
    """A code as it was meant: capitals, no spaces or hyphens; no longer than what could ever be right."""
    return "".join(letter for letter in code[:64] if letter.isalnum()).upper()[: LENGTH + 1]


def new_token() -> str:
    """128 random bits, as text for a link."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is stored of a token: whoever reads the database cannot pass for anybody."""
    return hashlib.sha256(token.encode()).hexdigest()
