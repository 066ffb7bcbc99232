"""CRMDesk: the caller's whole story on the agent's screen before the second ring."""

__version__ = "0.1.0"
