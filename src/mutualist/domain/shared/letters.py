"""Letters that cannot be seen and change what is read: no text of a room may hold them."""

from __future__ import annotations

import unicodedata

#: Turn the direction of what follows, so that a name or a number reads as another one.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANKS = frozenset("\t\n\r")


def hidden_letter(text: str) -> str:
    r"""Return the code of the first letter that does not belong in a text, or nothing.

    Control characters other than line breaks and tabs, halves of letters, and marks that turn the
    direction of reading.

    Examples
    --------
    >>> hidden_letter("1,2 Mio. €"), hidden_letter("100\u202e001"), hidden_letter("a\x00")
    ('', 'U+202E', 'U+0000')
    """
    if text.isprintable():
        return ""
    for letter in text:
        hidden = unicodedata.category(letter) in {"Cc", "Cs"} and letter not in _BLANKS
        if hidden or letter in _TURNING:
            return f"U+{ord(letter):04X}"
    return ""
