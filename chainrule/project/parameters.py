"""Which symbol each parameter of a hand-written function means: that of its name, or the one agrees(...) says."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

import sympy as sp

from chainrule.notation.nodes import Let, Node, Var
from chainrule.notation.statements import Agreement


def symbols_of(formula: Node, declared: Iterable[Var] = ()) -> dict[str, Node | sp.Symbol]:
    """What a parameter may mean: symbols of the formula and of the chapter, names in it, and its dimensions."""
    names: dict[str, Node | sp.Symbol] = {str(d): d for d in formula.atoms(sp.Symbol) if d.is_integer}
    names.update({let.name: let for let in formula.atoms(Let)})
    names.update({var.name: var for var in (*declared, *formula.atoms(Var))})
    return names


def unmatched(agreement: Agreement, declared: Iterable[Var] = ()) -> Iterator[str]:
    """A sentence for each parameter that no symbol matches, and each word of agrees(...) that means nothing."""
    called = getattr(agreement.function, "__name__", str(agreement.function))
    try:
        parameters = inspect.signature(agreement.function).parameters
    except (TypeError, ValueError):
        yield f"{called} does not say what its parameters are; write a function with named parameters in numerics/"
        return
    symbols = symbols_of(agreement.formula, declared)
    for word, symbol in agreement.names.items():
        if word not in parameters:
            yield f"{called} has no parameter {word!r}; it has: {', '.join(parameters)}"
        if symbol not in symbols:
            yield f"{word}={symbol!r}: there is no symbol {symbol!r}; {_choice(symbol, symbols)}"
    for name, parameter in parameters.items():
        if name not in symbols and name not in agreement.names and _asked(parameter):
            hint = f'agrees(..., {called}, {name}="...")' if name.isidentifier() else "agrees(...)"
            yield f"no symbol matches the parameter {name!r} of {called}; {_choice(name, symbols)}; or say {hint}"


def _asked(parameter: inspect.Parameter) -> bool:
    """Whether a call must give it."""
    loose = parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return not loose and parameter.default is inspect.Parameter.empty


def _choice(name: str, symbols: Iterable[str]) -> str:
    near = get_close_matches(name, symbols, 2)
    return f"near it: {', '.join(near)}" if near else f"there are: {', '.join(sorted(symbols))}"
