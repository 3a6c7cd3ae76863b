"""The pages of a workshop's room: the projector's and the phone's."""
