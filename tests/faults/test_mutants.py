"""Each guard that mutants take out is still where they look for it."""

import pytest
from tests.faults.mutants import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_mutant_fits_the_source_and_has_tests(mutant: Mutant) -> None:
    assert (ROOT / mutant.file).read_text().count(mutant.old) == 1
    assert all((ROOT / one.partition("::")[0]).is_file() for one in mutant.tests)
