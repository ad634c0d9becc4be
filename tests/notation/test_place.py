"""An item knows the line on which its author wrote it, an assumption too, whose methods a dataclass has made."""

from chainrule import assume, derive, dims, equals, invertible, matrix

(n,) = dims("n")
A = matrix("A", n, n)


def test_each_item_has_the_place_at_which_it_was_written() -> None:
    one = assume(invertible(A))
    two = assume(A @ A, equals(A))
    three = derive(A, equals(A))
    places = [one.place, two.place, three.place]
    assert {p.file for p in places} == {__file__}
    assert [p.line - places[0].line for p in places] == [0, 1, 2]
