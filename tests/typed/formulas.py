"""Forty formulas of the kind that users of matrixcalculus.org type: losses, likelihoods, kernels, networks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """A formula, what is declared of its letters, the symbol to differentiate by, and how the gradient reads."""

    name: str
    text: str
    wrt: str
    reads: str
    declare: str = ""


CASES = [
    Case("quadratic form", "x'*A*x", "x", "(A + A.T) @ x"),
    Case("quadratic form with linear part", "0.5*x'*S*x + y'*x + c", "x", "S @ x + y", "S: symmetric"),
    Case("bilinear form", "x'*A*y", "A", "x @ y.T"),
    Case("least squares", "norm2(A*x - y)^2", "x", "2 * A.T @ (A @ x - y)"),
    Case("least squares as in NumPy", "sum((X @ w - y)**2)", "w", "2 * X.T @ (X @ w - y)"),
    Case("weighted least squares", "sum(v.*(X*w - y).^2)", "w", "2 * X.T @ (v * (X @ w - y))"),
    Case("ridge", "norm2(X*w-y)^2 + lam*norm2(w)^2", "w", "2 * (X.T @ (X @ w - y) + lam * w)", "lam: positive"),
    Case("norm of a residual", "norm2(A*x - y)", "x", "A.T @ (A @ x - y) / norm(A @ x - y)"),
    Case("absolute loss", "norm1(A*x - y)", "x", "A.T @ sign(A @ x - y)"),
    Case("logistic loss", "sum(log(vector(1) + exp(-y.*(X*w))))", "w",
         "-X.T @ (y * exp(-(y * (X @ w))) / (ones(n) + exp(-(y * (X @ w)))))", "y: labels"),
    Case("logistic loss by softplus", "sum(softplus(-y.*(X*w)))", "w", "-X.T @ (y * sigmoid(-(y * (X @ w))))",
         "y: labels"),
    Case("cross-entropy of a sigmoid", "-y'*log(sigmoid(X*w)) - (vector(1) - y)'*log(sigmoid(-X*w))", "w", "",
         "y: binary"),
    Case("hinge loss", "sum(max(0, vector(1) - y.*(X*w)))", "w", "-X.T @ (y * step(ones(n) - y * (X @ w)))",
         "y: labels"),
    Case("squared hinge loss", "sum(relu(1 - y.*(X*w)).^2)", "w", "", "y: labels"),
    Case("exponential loss", "sum(exp(-y.*(X*w)))", "w", "-X.T @ (y * exp(-(y * (X @ w))))", "y: labels"),
    Case("Poisson loss", "sum(exp(X*w)) - y'*(X*w)", "w", "X.T @ (exp(X @ w) - y)"),
    Case("softmax cross-entropy", "logsumexp(W*x) - y'*(W*x)", "x", "W.T @ (softmax(W @ x) - y)"),
    Case("softmax cross-entropy in the weights", "logsumexp(W*x) - y'*(W*x)", "W", "(softmax(W @ x) - y) @ x.T"),
    Case("log of the softmax", "-y'*log(softmax(z))", "z", "", "y: simplex"),
    Case("Gaussian likelihood in the covariance", "logdet(S) + x'*inv(S)*x", "S", "S.I - S.I @ x @ x.T @ S.I", "S: pd"),
    Case("Gaussian likelihood in the mean", "(x - m)'*inv(S)*(x - m)", "m", "", "S: pd, m: vector"),
    Case("graphical lasso's smooth part", "tr(A*X) - logdet(X)", "X", "", "A: symmetric, X: pd"),
    Case("matrix factorisation", "norm2(X - U*V')^2", "U", "-2 * (X - U @ V.T) @ V"),
    Case("Rayleigh quotient", "x'*A*x / (x'*x)", "x",
         "((A + A.T) @ x - 2 * (x.T @ A @ x) * x / (x.T @ x)) / (x.T @ x)"),
    Case("Gaussian kernel", "exp(-norm2(x - y)^2 / (2*a^2))", "x",
         "-exp(-(sqnorm(x - y) / (2 * a ** 2))) * (x - y) / a ** 2",
         "a: positive"),
    Case("polynomial kernel", "(x'*y + c)^3", "x", "3 * (x.T @ y + c) ** 2 * y"),
    Case("tanh kernel", "tanh(a*x'*y + c)", "x", ""),
    Case("cosine similarity", "x'*y / (norm2(x)*norm2(y))", "x", ""),
    Case("rational quadratic kernel", "1 / (1 + norm2(x - y)^2)", "x", "-2 * (x - y) / (1 + sqnorm(x - y)) ** 2"),
    Case("entropy", "-sum(x.*log(x))", "x", "", "x: positive"),
    Case("relative entropy", "sum(x.*log(x./y))", "x", "", "x: positive, y: positive"),
    Case("log barrier", "-sum(log(y - A*x))", "x", ""),
    Case("trace of a product", "tr(A*X*B)", "X", "A.T @ B.T"),
    Case("trace of an inverse", "tr(inv(X)*A)", "X", "-X.I.T @ A.T @ X.I.T", "X: invertible"),
    Case("determinant", "det(X)", "X", "det(X) * X.I.T", "X: invertible"),
    Case("scaled columns", "norm2(A*diag(x)*B)^2", "x", ""),
    Case("one hidden layer", "v'*tanh(W*x)", "W", "v * (1 - tanh(W @ x) ** 2) @ x.T"),
    Case("sum over an axis", "y'*exp(sum(X, 1))", "X", ""),
    Case("smooth absolute value", "sum(sqrt(x.^2 + a^2))", "x", "x / sqrt(x ** 2 + a ** 2)", "a: positive"),
    Case("Gaussian distribution function", "sum(erf(x / sqrt(2)))", "x", ""),
]  # fmt: skip
