"""Finds a project's chapters, imports them, and says what is wrong with those that cannot be read."""

from .book import Part as Part
from .chapter import Chapter as Chapter
from .chapter import Entry as Entry
from .explain import ChapterError as ChapterError
from .explain import explained as explained
from .shelves import Project as Project
from .shelves import load as load
from .shelves import load_for as load_for
from .shelves import read as read
