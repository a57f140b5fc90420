"""How fast it is: the same books by other ways and by ours, measured in one run. Nothing here decides a test.

In run order: ``measuring`` (wall, CPU and memory of a command with all its processes), ``rivals`` (plain papermill,
Quarto), ``cells`` (what the notebooks' own code costs), ``trials`` (what is measured), ``report`` (table and chart).
"""
