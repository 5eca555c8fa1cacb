"""The one exception that stops a job (無法執行): its text is a sentence for the clerk."""


class CannotRun(Exception):
    """The program cannot run; the text names what is missing and what to do."""
