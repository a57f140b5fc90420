"""Deliveries: official exports recognised by content, checked, compared and written to ``data/``.

The way of a file: ``source`` (bytes, size, encoding) → ``recognise`` (which family) → one parser per
family (``genesis_table``, ``ffcsv``, ``inkar``, ``ba``, ``gisd``, ``zensus``, ``templates``) → ``mapping``
(publisher's words → our indicator) → ``compare`` (new, changed, revised) → ``preview`` → ``write``.
``importer`` joins the steps. Fetching from an interface is not in here: it hands its raw files to ``importer``.
"""
