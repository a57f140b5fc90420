"""The Jupyter kernel ``kreisbericht``, forked from a warmed process where the platform allows it.

Importing pandas, matplotlib and IPython costs more than most chapters' own cells. So one process, the *zygote*
(``zygote``), imports them once, stays without threads and forks: first a *guardian* (``guardian``), which forks the
kernel, watches its memory and ends everything the kernel leaves behind; the kernel then becomes an ordinary ipykernel
(``newborn``). Jupyter meets them through a kernel provisioner (``provisioner``), which asks the zygote over a socket
(``forks``); papermill, nbclient and JupyterLab need not know. On any doubt an ordinary kernel is started.

client (runner, papermill, JupyterLab) ── socket ──▶ zygote ── fork ──▶ guardian ── fork ──▶ kernel
                 └──────────────────── lifeline (socket, one per kernel) ────┘

Who dies with whom: the zygote with its client (end of the socket), the guardian with its client (end of the lifeline),
the kernel with its guardian (PR_SET_PDEATHSIG), the kernel's children with the kernel (the guardian reaps them). A
guardian does not need the zygote, so a notebook that kills its parent's group ends itself and nothing else.
"""

from kreisbericht.kernels.spec import KERNEL, install_kernel, warm_kernels

__all__ = ["KERNEL", "install_kernel", "warm_kernels"]
