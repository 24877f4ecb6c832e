"""Counts what somebody guesses or asks for too often, in the cache (CACHE_URL).

A cache may be emptied or away at any time. Then each process counts for itself, until it is back: nobody is kept from
signing in, and nobody may guess for ever.
"""

import hashlib
import logging
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import BaseCache, caches

logger = logging.getLogger(__name__)

PAUSE = 15 * 60  # seconds after which a count begins anew

Answer = TypeVar("Answer")


def key_of(purpose: str, *parts: str) -> str:
    """A key of safe characters, in which neither names nor networks can be read."""
    return f"{purpose}:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()


def count(key: str) -> int:
    """Count one more, and return how many there were within PAUSE since the first."""

    def add_one(cache: BaseCache) -> int:
        cache.add(key, 0, PAUSE)
        try:
            return cache.incr(key)
        except ValueError:  # it was forgotten in between
            cache.set(key, 1, PAUSE)
            return 1

    return ask(add_one)


def counted(key: str) -> int:
    """Return how many were counted."""
    number: int = ask(lambda cache: cache.get(key, 0))
    return number


def forget(key: str) -> None:
    """Begin anew."""
    ask(lambda cache: cache.delete(key))


def ask(question: Callable[[BaseCache], Answer]) -> Answer:
    """Ask the cache, or this process's own memory where the cache does not answer."""
    try:
        return question(caches["default"])
    except Exception as error:  # each cache's client has its own errors, and none of them is worth a refused sign-in
        logger.warning("The cache does not answer, so this process counts alone: %s", error)
        return question(caches["own"])
