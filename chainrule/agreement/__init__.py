"""Is the hand-written function the formula? Two questions: is it the same function, and is it stable?"""
