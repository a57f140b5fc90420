"""Districts of similar structure."""

import numpy as np
import pytest

from kreisbericht import store
from kreisbericht.regions import districts, find_region
from kreisbericht.similar import EAST, find_similar, load_features


def test_the_nearest_district_is_the_one_a_plain_calculation_finds():
    keys = [region.ags for region in districts()]
    columns = []
    for feature in load_features():
        year = max(year for year in store.years(feature.indicator) if year <= 2025)
        values = store.cross_section(feature.indicator, year, keys).to_numpy()
        values = np.log(values) if feature.logarithm else values
        columns.append((values - np.nanmean(values)) / np.nanstd(values) * feature.weight**0.5)
    table = np.column_stack(columns)
    own = table[keys.index("16065")]
    rural_east = [k for k in keys if k[:2] in EAST and "Stadt" not in find_region(k).kind and k != "16065"]
    nearest = min(rural_east, key=lambda key: np.nan_to_num(((table[keys.index(key)] - own) ** 2).sum(), nan=np.inf))
    assert find_similar(find_region("16065"), until=2025)[0][0].ags == nearest


@pytest.mark.parametrize("ags", ["16065", "16051", "02000", "09184", "03241", "11000"])
def test_similar_districts_are_of_the_same_kind_and_part_of_germany_and_come_nearest_first(ags):
    home = find_region(ags)
    found = find_similar(home, until=2025, count=6)
    assert len({region.ags for region, _ in found} - {ags}) == 6
    assert {region.ags[:2] in EAST for region, _ in found} == {ags[:2] in EAST}
    assert {"stadt" in region.kind.lower() for region, _ in found} == {"stadt" in home.kind.lower()}
    assert [distance for _, distance in found] == sorted(distance for _, distance in found)


def test_an_outcome_such_as_poverty_does_not_choose_whom_it_is_compared_with():
    topics = {feature.indicator for feature in load_features()}
    assert topics == {"bevoelkerungsdichte", "durchschnittsalter", "laendlichkeit"}
