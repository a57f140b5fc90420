import pytest

from kreisbericht.errors import ParameterError
from kreisbericht.parameters import check_parameters, declared_parameters
from tests.conftest import notebook


def check(given, **options):
    return check_parameters(notebook(**options), given, "kapitel.ipynb")


def test_defaults_hold_where_nothing_is_given():
    assert check({"ags": "16067"}) == {"ags": "16067", "berichtsjahr": 2025, "vergleich": []}


def test_an_unknown_name_is_refused_with_the_nearest_known_one():
    with pytest.raises(ParameterError, match=r"'berichtjahr' gibt es nicht\. Meinten Sie: berichtsjahr"):
        check({"berichtjahr": 2024})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"berichtsjahr": "2024"}, "erwartet wird: ganze Zahl"),
        ({"berichtsjahr": True}, "erwartet wird: ganze Zahl"),
        ({"ags": 1001}, "Gemeint ist vielleicht '01001'"),
        ({"ags": "16999"}, "16999"),
        ({"ags": "16"}, "16"),
        ({"vergleich": ["16061", "88888"]}, "88888"),
    ],
)
def test_a_wrong_type_or_a_district_that_does_not_exist_is_refused(given, words):
    with pytest.raises(ParameterError, match=words):
        check(given)


def test_a_date_that_does_not_exist_is_refused():
    source = 'ags: str = "16065"\ndatenstand: str = "2025-12-31"'
    with pytest.raises(ParameterError, match="2025-02-30"):
        check({"datenstand": "2025-02-30"}, parameters=source)


def test_optional_parameters_are_understood():
    source = 'ags: str = "16065"\nobergrenze: int | None = None'
    assert check({"obergrenze": 5}, parameters=source)["obergrenze"] == 5
    with pytest.raises(ParameterError, match="ganze Zahl oder None"):
        check({"obergrenze": "viel"}, parameters=source)


def test_a_notebook_without_a_parameters_cell_is_refused():
    with pytest.raises(ParameterError, match="keine Zelle"):
        declared_parameters(notebook(parameters=None), "kapitel.ipynb")


def test_a_computation_in_the_parameters_cell_is_refused_with_its_line():
    with pytest.raises(ParameterError, match=r"Zeile 2: 'jahr = 2020 \+ 5'"):
        declared_parameters(notebook(parameters='ags: str = "16065"\njahr = 2020 + 5'), "kapitel.ipynb")
