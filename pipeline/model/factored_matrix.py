"""A sparse matrix kept as a product, so that parts shared by many rows are multiplied once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags, issparse


@dataclass(frozen=True, eq=False)
class FactoredMatrix:
    """``left @ right + rest``, which can be multiplied from the right without being computed.

    The features of complaints are such a matrix: ``left`` has the words of each complaint, ``right`` the features of
    each word, ``rest`` the features that belong to no single word. Computed, it has six times as many entries as its
    parts.

    Parameters
    ----------
    left
        Of shape (n_rows, n_shared).
    right
        Of shape (n_shared, n_columns).
    rest
        Of shape (n_rows, n_columns).

    Examples
    --------
    >>> words = csr_matrix([[1.0, 1.0], [0.0, 1.0]])
    >>> letters = csr_matrix([[1.0, 2.0, 0.0], [0.0, 0.0, 3.0]])
    >>> matrix = FactoredMatrix(words, letters, csr_matrix((2, 3)))
    >>> (matrix @ np.eye(3)).tolist()
    [[1.0, 2.0, 3.0], [0.0, 0.0, 3.0]]
    """

    left: csr_matrix
    right: csr_matrix
    rest: csr_matrix

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the product."""
        rows, columns = self.rest.shape
        return rows, columns

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of its parts."""
        dtype: np.dtype[Any] = self.rest.dtype
        return dtype

    def transpose(self) -> Self:
        """Return the transposed matrix, also in row format, in which products are fast."""
        return type(self)(self.right.T.tocsr(), self.left.T.tocsr(), self.rest.T.tocsr())

    def __matmul__(self, other: NDArray[Any]) -> NDArray[Any]:
        product: NDArray[Any] = self.left @ (self.right @ other)
        product += self.rest @ other
        return product

    def __getitem__(self, rows: NDArray[np.intp]) -> Self:
        return type(self)(self.left[rows], self.right, self.rest[rows])

    def columns(self, kept: NDArray[np.intp]) -> Self:
        """Return the matrix with these columns only."""
        return type(self)(self.left, self.right[:, kept], self.rest[:, kept])

    def scaled(self, rows: NDArray[Any]) -> Self:
        """Return the matrix with each row times a factor, given with shape (n_rows,)."""
        factors = diags(rows)
        return type(self)((factors @ self.left).tocsr(), self.right, (factors @ self.rest).tocsr())

    def scaled_columns(self, columns: NDArray[Any]) -> Self:
        """Return the matrix with each column times a factor, given with shape (n_columns,)."""
        factors = diags(columns)
        return type(self)(self.left, (self.right @ factors).tocsr(), (self.rest @ factors).tocsr())

    def tocsr(self) -> csr_matrix:
        """Compute it as one matrix."""
        matrix = csr_matrix(self.left @ self.right + self.rest)
        matrix.sort_indices()
        return matrix


def scaled_columns(X: Any, columns: NDArray[Any]) -> Any:
    """Return a matrix, dense, sparse or factored, with each column times a factor, given with shape (n_columns,)."""
    if isinstance(X, FactoredMatrix):
        return X.scaled_columns(columns)
    return (X @ diags(columns)).tocsr() if issparse(X) else X * columns
