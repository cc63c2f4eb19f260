# Compiled forms of the hot loops (src/speedups); each is described beside its pure form.

from typing import Any

from numpy.typing import NDArray

def forest_add(
    nodes: NDArray[Any],
    values: NDArray[Any],
    starts: NDArray[Any],
    depths: NDArray[Any],
    features: NDArray[Any],
    sums: NDArray[Any],
    /,
) -> None: ...
