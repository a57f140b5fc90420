"""Fetching: the catalogue's tables from the GENESIS REST interface, one polite request at a time.

The way of a table: ``services`` (which database) → ``plan`` (what is due, in which form) → ``token`` (access) →
``client`` (POST, retries, jobs) with ``answers`` (what a reply means) → ``archive`` (raw answer, checksum, Abrufdatum)
→ ``run`` (all of it, then the importer). Parsing and writing ``data/`` is not in here: that is ``deliveries``.
"""
