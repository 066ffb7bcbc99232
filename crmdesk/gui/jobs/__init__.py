"""Long work, done by programs of our own beside the window.

A job is a command of the command line (`crmdesk ... --progress json`) that the desk starts,
follows and can cancel. It goes on when one leaves the page that started it.
"""

from crmdesk.gui.jobs.job import Job, JobState
from crmdesk.gui.jobs.output import JobProgress
from crmdesk.gui.jobs.registry import Jobs, line_of

__all__ = ["Job", "JobProgress", "JobState", "Jobs", "line_of"]
