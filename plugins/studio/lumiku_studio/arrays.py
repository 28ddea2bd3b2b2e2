"""Names for array types; shapes stand in the docstrings of what uses them."""

from typing import Any

from numpy.typing import NDArray

Floats = NDArray[Any]
Ints = NDArray[Any]
Mask = NDArray[Any]
Sparse = Any  # scipy.sparse.csr_matrix, which carries no types
