"""House charts: pure functions from tidy pandas objects to a ``Canvas``; no data access, no computing of indicators.

Each takes ``size`` (``full`` 720, ``half`` 348, ``phone`` 336 px) and the frame options ``title``, ``subtitle``,
``source``, ``frame`` (True draws them inside, for a picture that travels alone). ``Canvas.svg(alt)`` is the file,
``Canvas.width`` and ``Canvas.height`` its size in px. A chart with nothing to draw raises ``ValueError``.

======================  ==============================================================================================
``trend``               ``series, *, home, unit, digits, breaks=[(year, label)], zero, size, height``
``ranking``             ``values by name, *, home, references={name: value}, unit, digits, max_rows, noun, size``
``small_multiples``     ``table years × names, *, home, reference, reference_name, unit, digits, breaks, zero, size``
``choropleth``          ``rings, values by ags, *, names, home, bounds, references, legend_title, unit, digits, size``
``distribution``        ``values by ags or name, *, home, references, group, group_name, names, unit, digits, size``
``pyramid``             ``groups, *, home, reference, open_end, size, height``
``bars``                ``table groups × areas, *, home, unit, digits, sign, size``
``profile``             ``rows, *, land, size, change_label``
``goals``               ``rows, *, size``
``outlook``             ``counted, expected, *, unit, digits, limits, size``
======================  ==============================================================================================

``style.use_theme()`` gives analysts the same look for their own seaborn charts.
"""

from kreisbericht.charts.bars import bars
from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.choropleth import choropleth
from kreisbericht.charts.distribution import distribution
from kreisbericht.charts.goals import goals
from kreisbericht.charts.multiples import small_multiples
from kreisbericht.charts.outlook import outlook
from kreisbericht.charts.profile import profile
from kreisbericht.charts.pyramid import pyramid
from kreisbericht.charts.ranking import ranking
from kreisbericht.charts.trend import trend

__all__ = [
    "Canvas",
    "bars",
    "choropleth",
    "distribution",
    "goals",
    "outlook",
    "profile",
    "pyramid",
    "ranking",
    "small_multiples",
    "trend",
]
