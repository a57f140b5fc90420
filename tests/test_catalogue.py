"""The catalogue: every row complete, and the package descriptor true to it."""

import json
import string

import pytest
from frictionless import Package, system

from kreisbericht import catalogue, package, regions, store
from kreisbericht import language as lang
from kreisbericht.errors import DataError, ParameterError
from kreisbericht.paths import data_dir

EVERY = list(catalogue.official_indicators().values())
POVERTY = [entry for entry in EVERY if entry.topic in ("sozialleistungen", "einkommen") and "armut" in entry.reports]


def test_about_three_hundred_indicators_serve_the_three_reports():
    assert len(EVERY) >= 250
    for report in ("familie", "bildung", "armut"):
        assert len(catalogue.select_indicators(report=report)) >= 60


@pytest.mark.parametrize("entry", EVERY, ids=lambda entry: entry.id)
def test_a_row_is_complete(entry):
    for name in ("title", "short", "unit", "definition", "feature", "topic", "life_phase", "reference", "publisher",
                 "work", "table", "source_id", "licence", "credit", "url", "as_of", "periodicity"):  # fmt: skip
        assert getattr(entry, name).strip(), name
    assert set(entry.id) <= set(string.ascii_lowercase + string.digits + "_")
    assert entry.topic in catalogue.TOPICS and set(entry.reports) <= {"grundlagen", "familie", "bildung", "armut"}
    assert entry.article in ("der", "die", "das", "die_pl") and entry.polarity in (-1, 0, 1)
    assert "{wert}" in entry.reading_aid and entry.reading_aid.format(wert="12,4").endswith(".")
    assert entry.licence in ("dl-de/by-2-0", "CC BY 4.0", "CC BY-SA 4.0")
    assert entry.url.startswith("https://")
    if entry.unit == "%":
        assert entry.denominator, "a share needs a denominator"


def test_ids_of_counts_point_to_counts():
    known = catalogue.load_catalogue()
    for entry in EVERY:
        for other in filter(None, (entry.numerator_id, entry.denominator_id)):
            assert known[other].unit in ("Personen", "Fälle"), (entry.id, other)


def test_names_and_titles_are_not_given_twice():
    titles = [entry.title for entry in EVERY]
    assert len(set(titles)) == len(titles), sorted(title for title in titles if titles.count(title) > 1)


def test_nothing_made_by_third_parties_or_of_unproven_year_is_in_the_catalogue():
    sources = {part for entry in EVERY for part in entry.source_id.split(";")}
    assert not {"childcare_rate_u3_mean_of_age_years", "divorces", "commuter_balance"} & sources
    assert not any("unverified" in source for source in sources)


def test_every_poverty_indicator_and_at_least_sixty_more_hold_for_all_districts():
    today = {region.ags for region in regions.districts()}
    wide = {entry.id for entry in EVERY if len(today & set(_with_values(entry.id))) >= 390}
    assert len(wide) >= 60
    thueringen_only = {"personen_in_bedarfsgemeinschaften"}  # table 22811-02-02-4 was to be had for Thüringen only
    below_districts = {"gisd_verwaltungseinheiten"}
    assert {entry.id for entry in POVERTY} - wide <= thueringen_only | below_districts


def _with_values(indicator_id: str) -> list[str]:
    table = store.load_values(indicator_id)
    return list(table.loc[table["wert"].notna(), "ags"])


def test_breaks_name_a_known_indicator_and_a_year_inside_its_series():
    listed = {entry.id for entry in EVERY if entry.breaks}
    assert {"bevoelkerung", "bevoelkerung_1994_2014", "sgb2_quote"} <= listed
    for entry in EVERY:
        for year, *_ in entry.breaks:
            found = store.years(entry.id)
            assert min(found) < year <= max(found), entry.id
    assert [entry.event for entry in catalogue.find_indicator("bevoelkerung").breaks_for("16065")] == ["Zensus 2022"]
    assert len(catalogue.find_indicator("bevoelkerung").breaks_for("16063")) == 2


def test_child_poverty_is_never_confused_with_children_in_benefit_communities():
    ours, other = map(catalogue.find_indicator, ("kinderarmut_u15", "kinder_in_bedarfsgemeinschaften"))
    assert ours.polarity == -1 and ours.unit == "%"
    assert other.short in ours.note and ours.short in other.note


def test_an_unknown_indicator_is_refused_with_the_nearest_names():
    with pytest.raises(ParameterError, match="kinderarmut_u15"):
        catalogue.find_indicator("kinderarmut_u_15")


def test_a_catalogue_that_lost_a_column_is_refused(tmp_path, monkeypatch):
    (tmp_path / "indikatoren.csv").write_text("id,bezeichnung\nx,y\n", encoding="utf-8")
    (tmp_path / "brueche.csv").write_text("indikator,jahr,ereignis,ags,erklaerung\n", encoding="utf-8")
    monkeypatch.setenv("KREISBERICHT_DATA", str(tmp_path))
    with pytest.raises(DataError, match="Spalte fehlt: kurz"):
        catalogue.load_catalogue()


def test_the_package_descriptor_is_true_to_catalogue_and_folder():
    written = json.loads((data_dir() / "datapackage.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(package.describe_package())), "run kreisbericht.package.write_package()"
    listed = {resource["path"] for resource in written["resources"]}
    assert {path.relative_to(data_dir()).as_posix() for path in data_dir().glob("werte/*/*.csv")} <= listed
    for resource in written["resources"]:
        assert resource["licenses"], resource["name"]


def test_frictionless_finds_the_tables_and_one_file_of_each_topic_valid():
    whole = Package(str(data_dir() / "datapackage.json"))
    first = {entry.topic: entry.id for entry in EVERY}
    for name in ("indikatoren", "brueche", "korrekturen", "gebiete", *first.values()):
        with system.use_context(trusted=True):
            report = whole.get_resource(name).validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:3]


def test_a_key_sentence_follows_the_value_and_names_year_and_place():
    told = [entry for entry in EVERY if entry.key_sentence]
    assert len(told) >= 50
    for entry in told:
        said = entry.key_sentence.format(jahr=2022, wo="in Gotha")
        assert said.endswith(".") and "2022" in said and "in Gotha" in said, entry.id
        assert not lang.is_share(entry.unit) or said.startswith(("der ", "derer, ")), entry.id
