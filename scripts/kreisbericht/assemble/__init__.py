"""The embedded assembler: executed notebooks and written chapters become one HTML book and one PDF.

In run order: ``sources`` (files to Markdown), ``pandoc`` (Markdown to syntax tree), ``markdown`` (the whole book:
numbers and references), ``html`` and ``pdf``. It reads the subset of Quarto Markdown named in ``sources`` and
refuses the rest with file and line.
"""
