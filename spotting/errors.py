"""Errors that a person can act on: each says what is wrong, where, and which rule it breaks."""


class UserError(Exception):
    """Something the person can put right; the message is shown as it stands."""


class BadLabels(UserError):
    """A label file that cannot be taken in."""


class UnreadableVideo(UserError):
    """A video or frame folder whose pictures cannot be numbered safely."""


class BadConfig(UserError):
    """A setting out of its range."""


class BadCheckpoint(UserError):
    """A checkpoint that does not fit what was asked of it."""


class NotFound(UserError):
    """A named thing that does not exist."""


class Conflict(UserError):
    """An action that the present state does not allow."""


class Stopped(Exception):
    """Not an error: the person asked the work to stop. State was saved before it was raised."""
