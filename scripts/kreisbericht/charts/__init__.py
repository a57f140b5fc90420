"""House charts: pure functions from tidy pandas objects to a ``Canvas``; no data access, no computing of indicators.

Each takes ``size`` (``full`` 720, ``half`` 348, ``phone`` 336 px) and the frame options ``title``, ``subtitle``,
``source``, ``frame`` (True draws them inside, for a picture that travels alone). ``Canvas.svg(alt)`` is the file,
``Canvas.width`` and ``Canvas.height`` its size in px.
"""

from kreisbericht.charts.canvas import Canvas
from kreisbericht.charts.choropleth import choropleth
from kreisbericht.charts.ranking import ranking
from kreisbericht.charts.trend import trend

__all__ = ["Canvas", "choropleth", "ranking", "trend"]
