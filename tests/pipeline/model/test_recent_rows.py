import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.feature_table import NONE, PAIR_BITS, FeatureTable
from pipeline.model.recent_rows import ColumnsOfPairs

_WORDS = [f"kata{number}" for number in range(12)]
_TABLE = FeatureTable.of(
    {name: column for column, name in enumerate([*_WORDS, *(f"{a} {b}" for a in _WORDS[::2] for b in _WORDS[::3])])}
)
_KEYS = st.lists(
    st.tuples(st.integers(NONE, 11), st.integers(NONE, 11)).map(lambda ends: ends[0] << PAIR_BITS | ends[1])
)


@given(st.lists(_KEYS, min_size=1, max_size=5), st.sampled_from([1, 3, 17]))
def test_pairs_met_lately_have_the_columns_of_the_vocabulary_however_few_are_remembered(
    batches: list[list[int]], bits: int
) -> None:
    remembered = ColumnsOfPairs(_TABLE, bits)
    for batch in batches:
        keys = np.array(batch, dtype=np.int64)
        for told, known in zip(remembered.find_pairs(keys), _TABLE.find_pairs(keys), strict=True):
            np.testing.assert_array_equal(told, known)
