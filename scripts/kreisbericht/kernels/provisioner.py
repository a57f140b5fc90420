"""The kernel provisioner: Jupyter's way to start, watch and stop a kernel, here a forked one.

Registered as entry point ``kreisbericht`` in the group ``jupyter_client.kernel_provisioners`` and named in the
kernel specification (``spec``). Everything that is not about forking is Jupyter's own ``LocalProvisioner``.
"""

from __future__ import annotations

import os
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from kreisbericht.kernels.forks import ForkedKernel, fork_kernel


class ForkProvisioner(LocalProvisioner):
    """Starts kernels as forks of a warmed process; an ordinary process where that does not work."""

    forked: ForkedKernel | None = None  # stays when the kernel has ended, for its last words

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel; see :class:`jupyter_client.provisioning.KernelProvisionerBase`."""
        kernel = self.forked = None
        if not kwargs.get("independent"):  # an independent kernel outlives its client, a forked one never does
            kernel = await fork_kernel(cmd, folder=kwargs.get("cwd"), env=kwargs.get("env") or os.environ)
        if kernel is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = self.forked = kernel
        self.pid, self.pgid = kernel.pid, None  # signals go through the guardian, not to a group
        self.cwd = kwargs.get("cwd") or os.getcwd()  # noqa: PTH109
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel with all it started, and return when it is gone."""
        await super().kill(restart)
        if isinstance(self.process, ForkedKernel):
            await self.process.end(3)

    async def wait(self) -> int | None:
        """Exit code, once the kernel has ended."""
        kernel = self.process
        if not isinstance(kernel, ForkedKernel):
            return await super().wait()
        while await kernel.end(60) is None:
            pass
        self.process = None
        return kernel.returncode
