"""Books on other machines: a Dask cluster renders them, sources and finished books travel through a common store.

The client packs the project's sources once and puts them into the store (any address ``fsspec`` knows); each worker
unpacks them in its own folder and calls the project's own ``render_book.py`` there, so it runs exactly the code and
data of the client. Finished books go back through the store and are placed by the client. Dask restarts what a lost
worker left undone. Workers need the packages of this project with the extra ``cluster``, nothing else of it.

``parcels`` packs and unpacks, ``work`` is what a worker runs, ``client`` hands out the books and collects them.
"""
