"""The appendices that are printed from data: indicator sheets, data quality, gaps, glossary, errata, statements."""

from kreisbericht.appendix.pages import Appendix

__all__ = ["Appendix"]
