"""Why something was not done in a room, each a sentence for whoever asked for it."""


class RoomError(Exception):
    """A sentence on why nothing was done. Never tells anything of other people or other rooms."""


class NoRoomError(RoomError):
    """No room has that code: said alike whatever the code looks like."""

    def __init__(self) -> None:
        super().__init__("No room answers to that code. Compare it with the one on the screen, and try again.")


class NotYoursError(RoomError):
    """The link's token opens nothing here."""

    def __init__(self) -> None:
        super().__init__("This link is not one of this room's own. Join with the room's code, or find the right link.")


class OverError(RoomError):
    """The room was closed or has expired."""


class MovedOnError(RoomError):
    """The room was changed meanwhile, so what was asked for may no longer be meant."""


class RefusedError(RoomError):
    """What was handed in is none of what is allowed."""
