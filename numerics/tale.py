"""A short text of our own, for networks that learn to guess the next letter, and windows of it.

letters()           the letters that occur, in order
windows(rng, T, B)  X (T, B, v) one-hot letters and Y (T, B, v) those that follow them
"""

import numpy as np

TEXT = """\
the hill and the ball. a ball lay on a hill, and it did not know where the valley was. it felt the ground below, and the
ground was steep, so it rolled a little way down. it felt the ground again, and rolled again. when the ground was steep
it rolled far, and when the ground was flat it rolled a little way. in the valley it felt nothing at all, and there it
stayed. a second ball lay on the hill, and it was heavy. it rolled down the hill and through the valley and up the hill
on the other side, and it came back, and went up again, and came back again, and at last it lay beside the first. you
took the long way, said the first ball. i have seen the other side, said the second, and there is a valley that lies
deeper than ours. then let us go, said the first ball. but it felt the ground, and the ground was flat.
"""
"""Small letters, spaces and stops."""


def letters():
    """Every letter of the text, once."""
    return sorted(set(flat()))


def flat():
    """The text on one line."""
    return TEXT.replace("\n", " ")


def windows(rng, T, B):
    """B pieces of T letters, and the letter that follows each. The axis of the place in a piece is the first."""
    index = {letter: k for k, letter in enumerate(letters())}
    codes = np.array([index[letter] for letter in flat()])
    starts = rng.integers(0, len(codes) - T, size=B)
    at = starts + np.arange(T)[:, None]
    eye = np.eye(len(index))
    return eye[codes[at]], eye[codes[at + 1]]
