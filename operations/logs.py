"""What is kept out of the logs."""

import logging
import re

# A token as blog/keys.py signs it: what it is about, when, and the signature.
TOKEN = re.compile(r"[^\s/~]+~[\w-]+~[\w-]+")


class HideTokens(logging.Filter):
    """Puts “(token)” for every token in a line, such as Django's own about an address that answered with an error.

    Logs are read by more people, and kept elsewhere, than the mail in which the link stands.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if TOKEN.search(message):
            record.msg, record.args = TOKEN.sub("(token)", message), ()
        return True
