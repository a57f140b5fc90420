"""kreisbericht: official figures in, a district's family, education and poverty-prevention report out.

Modules in the order a run passes them: ``regions``, ``catalogue``, ``store`` (figures) → ``statistics``, ``language``,
``sentences``, ``charts`` (findings) → ``chapter``, ``output`` (what a notebook prints) → ``parameters``, ``kernels``,
``engine``, ``runner`` (papermill) → ``book``, ``editions``, ``staging``, ``assemble`` (HTML and PDF) → ``check``.
"""

import os

if os.environ.get("KREISBERICHT_KAPITEL"):  # a kernel that makes a chapter: from here on it is noted what is read
    from kreisbericht.lineage import begin

    begin()
