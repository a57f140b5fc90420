"""Regions: names, phrases, history and outlines."""

import numpy as np
import pytest

from kreisbericht import regions
from kreisbericht.errors import ParameterError


def test_germany_has_400_districts_and_thueringen_22_since_eisenach_joined_the_wartburgkreis():
    # Destatis, Gemeindeverzeichnis: 401 districts at 31.12.2020, 400 since 1.7.2021
    assert len(regions.districts()) == 400
    assert len(regions.districts("16")) == 22
    assert len(regions.districts("16", year=2020)) == 23
    assert len(regions.districts(year=2020)) == 401


@pytest.mark.parametrize(
    ("old", "new", "last"),
    [
        ("16056", "16063", 2020),  # Eisenach → Wartburgkreis, 1.7.2021
        ("03152", "03159", 2015),  # Göttingen (old) → Göttingen, 1.11.2016
        ("03156", "03159", 2015),  # Osterode am Harz → Göttingen, 1.11.2016
        ("13062", "13075", 2010),  # Uecker-Randow → Vorpommern-Greifswald, 4.9.2011
        ("05313", "05334", 2008),  # Stadt Aachen → Städteregion Aachen, 21.10.2009
        ("14191", "14521", 2007),  # Aue-Schwarzenberg → Erzgebirgskreis, 1.8.2008
        ("15268", "15084", 2006),  # Weißenfels → Burgenlandkreis, 1.7.2007
    ],
)
def test_a_dissolved_district_names_its_last_year_and_successor(old, new, last):
    region = regions.find_region(old)
    assert (region.valid_to, regions.successor_of(region).ags) == (last, new)
    assert region.existed(last) and not region.existed(last + 1)
    assert str(last) in region.label


def test_every_successor_exists_today_and_every_parent_is_known():
    known = {row.ags for row in regions.load_regions().itertuples()}
    for row in regions.load_regions().itertuples():
        assert row.parent in known or row.ags == "00"
        if row.nachfolger:
            assert regions.successor_of(regions.find_region(row.ags)).valid_to is None


@pytest.mark.parametrize(
    ("ags", "inside", "of"),
    [
        ("16065", "im Kyffhäuserkreis", "des Kyffhäuserkreises"),
        ("16067", "im Landkreis Gotha", "des Landkreises Gotha"),
        ("16051", "in der Stadt Erfurt", "der Stadt Erfurt"),
        ("16070", "im Ilm-Kreis", "des Ilm-Kreises"),
        ("02000", "in Hamburg", "Hamburgs"),
        ("03241", "in der Region Hannover", "der Region Hannover"),
        ("10041", "im Regionalverband Saarbrücken", "des Regionalverbands Saarbrücken"),
        ("05334", "in der Städteregion Aachen", "der Städteregion Aachen"),
        ("05962", "im Märkischen Kreis", "des Märkischen Kreises"),
        ("05378", "im Rheinisch-Bergischen Kreis", "des Rheinisch-Bergischen Kreises"),
        ("05162", "im Rhein-Kreis Neuss", "des Rhein-Kreises Neuss"),
        ("05366", "im Kreis Euskirchen", "des Kreises Euskirchen"),
        ("07232", "im Eifelkreis Bitburg-Prüm", "des Eifelkreises Bitburg-Prüm"),
        ("14181", "im Mittleren Erzgebirgskreis", "des Mittleren Erzgebirgskreises"),
        ("10", "im Saarland", "des Saarlands"),
        ("07", "in Rheinland-Pfalz", "von Rheinland-Pfalz"),
        ("16", "in Thüringen", "Thüringens"),
        ("00", "in Deutschland", "Deutschlands"),
        ("16065067", "in der Stadt Sondershausen", "der Stadt Sondershausen"),
        ("160655002", "in der Verwaltungsgemeinschaft Greußen", "der Verwaltungsgemeinschaft Greußen"),
    ],
)
def test_a_region_knows_its_german_phrases(ags, inside, of):
    region = regions.find_region(ags)
    assert (region.in_phrase, region.of_phrase) == (inside, of)


def test_no_two_districts_of_today_share_a_label_or_a_phrase():
    found = regions.districts()
    assert len({region.label for region in found}) == 400
    assert len({region.in_phrase for region in found}) == 400
    assert regions.find_region("09663").label == "Würzburg (Stadt)"
    assert regions.find_region("09679").label == "Würzburg (Landkreis)"


def test_the_home_district_has_28_municipalities_in_ten_administrative_units():
    # Thüringer Landesamt für Statistik, Gebietsstand 31.12.2022
    assert len(regions.municipalities("16065")) == 28
    units = regions.associations("16065")
    assert len(units) == 10
    assert sum(len(regions.municipalities(unit.ags)) for unit in units) == 28
    assert len(regions.municipalities("160655002")) == 7
    assert all(place.ars.startswith(place.association) for place in regions.municipalities("16065"))
    assert len(regions.municipalities("16065", year=2018)) == 43


def test_a_region_is_found_by_key_name_and_written_out_umlauts():
    for text in ("16065", "Kyffhäuserkreis", "kyffhaeuserkreis", " Landkreis Kyffhäuserkreis"):
        assert regions.find_region(text).ags == "16065"
    assert regions.find_region("16065").land == regions.find_region("16")
    assert regions.find_region("00").land is None


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [("1002", "Meinten Sie: 01002"), ("Kyfhäuserkreis", "Kyffhäuserkreis"), ("Würzburg", "nicht eindeutig"), ("", "")],
)
def test_an_unknown_region_is_refused_with_a_hint(wrong, hint):
    with pytest.raises(ParameterError, match="Gebiet") as caught:
        regions.find_region(wrong)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("name", "keys"),
    [("kreise", 400), ("kreise_16", 22), ("kreise_16_2018", 23), ("gemeinden_16065", 28), ("land_16", 1)],
)
def test_outlines_cover_their_regions_and_carry_a_credit(name, keys):
    outlines = regions.load_outlines(name)
    assert len(outlines.rings) == keys
    assert "GeoBasis-DE / BKG" in outlines.credit and outlines.licence == "dl-de/by-2-0"
    west, south, east, north = outlines.bounds
    assert 5.8 < west < east < 15.1 and 47.2 < south < north < 55.1
    for ags, rings in outlines.rings.items():
        regions.find_region(ags)
        assert all(np.allclose(ring[0], ring[-1]) for ring in rings)


def test_the_outline_of_the_home_district_has_its_official_area():
    # 1.037,91 km² (Regionaldatenbank 11111-01-01-4, 31.12.2018); simplified within 1 %
    rings = regions.load_outlines("kreise_16").rings["16065"]
    area = sum(_signed_area(ring) for ring in rings)
    assert abs(abs(area) - 1037.91) < 10.4


def _signed_area(ring: np.ndarray) -> float:
    x = ring[:, 0] * 111.320 * np.cos(np.radians(51.35))
    y = ring[:, 1] * 111.266
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def test_outlines_nobody_has_are_refused_with_the_known_names():
    with pytest.raises(ParameterError, match="kreise_16"):
        regions.load_outlines("kreise_61")
