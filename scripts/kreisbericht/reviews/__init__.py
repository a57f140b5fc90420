"""Reviews: readers' files of notes, the table with the planner's answers, notes in the draft, the Abwägungstabelle.

``files`` reads what readers send, ``table`` keeps it with the answers, ``blocks`` finds the places again, ``draft``
shows the notes there, ``weighing`` writes the table for committees. Not in here: the review mode in the browser
(``_extensions/kreisbericht/html/review*.js``).
"""
