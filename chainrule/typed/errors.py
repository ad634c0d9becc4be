"""What is said of a text that is no formula: what was found, what was expected, and a caret below the character."""

from __future__ import annotations

from chainrule.errors import NotationError, Place

WINDOW = 72
"""Characters of the text shown around the error."""


class FormulaError(NotationError):
    """A text that is no formula. `message` is one sentence; `start` and `end` are where it applies in `source`."""

    def __init__(self, message: str, source: str = "", start: int = 0, end: int = 0):
        self.message, self.source, self.start, self.end = message, source, start, max(end, start + 1)
        super().__init__("\n".join([message, *self.pointer()]), Place("formula", start + 1))

    def __str__(self) -> str:
        return self.text

    def __reduce__(self):  # type: ignore[no-untyped-def]
        return type(self), (self.message, self.source, self.start, self.end)

    def pointer(self) -> list[str]:
        """The text and, below it, a caret at the character; of a long text only what stands near."""
        if not self.source.strip():
            return []
        left = max(0, min(self.start - WINDOW // 2, len(self.source) - WINDOW))
        shown = "".join(c if c.isprintable() else " " for c in self.source[left : left + WINDOW])
        width = max(1, min(self.end, left + len(shown)) - self.start)
        return [f"   {shown}", "   " + " " * (self.start - left) + "^" * width]
