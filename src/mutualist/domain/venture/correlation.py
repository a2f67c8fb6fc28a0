"""Rank correlations: the matrix of a normal copula, whether it can be, and the nearest that can.

Sources: Spearman's rho of a bivariate normal is 6/pi asin(r/2) (Kruskal 1958, JASA 53, 814-861); nearest correlation matrix
by alternating projections (Higham 2002, IMA J. Numer. Anal. 22, 329-343).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import asin, pi, sin
from typing import Any, Final

#: A smallest eigenvalue below this is no rounding.
TOLERANCE: Final = 1e-9
_ROUNDS: Final = 400


def normal_of_rank(rank: float) -> float:
    """Return the correlation of normal scores with this rank correlation.

    Examples
    --------
    >>> round(normal_of_rank(0.3), 4), normal_of_rank(0.0)
    (0.3129, 0.0)
    """
    return min(1.0, max(-1.0, 2 * sin(pi * rank / 6)))


def rank_of_normal(correlation: float) -> float:
    """Return the rank correlation of normal scores with this correlation.

    Examples
    --------
    >>> round(rank_of_normal(normal_of_rank(0.3)), 12)
    0.3
    """
    return 6 / pi * asin(max(-1.0, min(1.0, correlation)) / 2)


def matrix_of(names: Sequence[str], ranks: Mapping[tuple[str, str], float]) -> Any:
    """Return the matrix of normal-score correlations, shape (names, names).

    Parameters
    ----------
    names
        Order of rows and columns.
    ranks
        Rank correlation per pair, in either order.
    """
    import numpy as np

    matrix = np.eye(len(names))
    position = {name: at for at, name in enumerate(names)}
    for (first, second), rank in ranks.items():
        i, j = position[first], position[second]
        matrix[i, j] = matrix[j, i] = normal_of_rank(rank)
    return matrix


def is_possible(matrix: Any) -> bool:
    """Tell whether a matrix is positive semidefinite, up to rounding."""
    import numpy as np

    return bool(np.linalg.eigvalsh(matrix)[0] >= -TOLERANCE)


def nearest(matrix: Any) -> Any:
    """Return the correlation matrix nearest in the Frobenius norm.

    Parameters
    ----------
    matrix
        Symmetric with ones on the diagonal, shape (k, k).

    Returns
    -------
    numpy.ndarray
        Shape (k, k), positive semidefinite, ones on the diagonal.

    Examples
    --------
    >>> import numpy as np
    >>> bad = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    >>> is_possible(bad), is_possible(nearest(bad))
    (False, True)
    """
    import numpy as np

    current = np.array(matrix, dtype=float)
    correction = np.zeros_like(current)
    for _ in range(_ROUNDS):
        shifted = current - correction
        values, vectors = np.linalg.eigh(shifted)
        projected = (vectors * np.maximum(values, 0)) @ vectors.T
        correction = projected - shifted
        before, current = current, projected.copy()
        np.fill_diagonal(current, 1.0)
        if np.abs(current - before).max() < 1e-12:
            break
    values, vectors = np.linalg.eigh(current)
    cleaned = (vectors * np.maximum(values, 0)) @ vectors.T
    scale = 1 / np.sqrt(np.diag(cleaned))
    return cleaned * scale[:, None] * scale[None, :]


def worst_pair(matrix: Any) -> tuple[int, int, Any]:
    """Return the pair that has to change most to make a matrix possible, and the nearest matrix."""
    import numpy as np

    repaired = nearest(matrix)
    gap = np.abs(np.triu(repaired - matrix, 1))
    i, j = np.unravel_index(int(gap.argmax()), gap.shape)
    return int(i), int(j), repaired


def factor(matrix: Any) -> Any:
    """Return a lower triangular L with L L' = matrix, also for a semidefinite one; shape (k, k).

    Examples
    --------
    >>> import numpy as np
    >>> factor(np.array([[1.0, 1.0], [1.0, 1.0]])).round(6)
    array([[1., 0.],
           [1., 0.]])
    """
    import numpy as np

    size = len(matrix)
    lower = np.zeros((size, size))
    for j in range(size):
        rest = matrix[j, j] - lower[j, :j] @ lower[j, :j]
        if rest < 1e-10:
            continue
        lower[j, j] = np.sqrt(rest)
        below = matrix[j + 1 :, j] - lower[j + 1 :, :j] @ lower[j, :j]
        lower[j + 1 :, j] = below / lower[j, j]
    return lower
