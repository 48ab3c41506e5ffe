"""What a request is refused with."""


class RequestError(Exception):
    """A request that is refused; the message is what the client reads.

    Args:
        message: String.
        status: Integer: the status of HTTP.
    """

    def __init__(self, message, status=400):
        super().__init__(message)
        self.status = status
