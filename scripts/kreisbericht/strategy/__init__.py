"""The strategy against poverty: goals, measures, offers, decisions, and what follows from them.

Notebooks below ``notebooks/strategie`` call ``pages.StrategyChapter``.
"""
