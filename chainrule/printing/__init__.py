def text(node): return type(node).__name__+"("+", ".join(map(str,node.args))+")"
def latex(node): return text(node)
