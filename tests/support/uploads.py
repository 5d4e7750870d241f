"""Sending a form with a file of any size: the test client would leave a temporary file open."""

from collections.abc import Mapping

from werkzeug.test import TestResponse

from tests.support.pages import PageClient


def send_file(
    client: PageClient, url: str, fields: Mapping[str, str], name: str, filename: str, content: bytes
) -> TestResponse:
    """As a browser sends it, with the other fields before the file `name`; no redirect is followed."""
    head = "".join(
        f'--limit\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    )
    named = filename.replace('"', "%22")
    head += f'--limit\r\nContent-Disposition: form-data; name="{name}"; filename="{named}"\r\n'
    body = head.encode() + b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n--limit--\r\n"
    return client.flask.post(url, data=body, content_type="multipart/form-data; boundary=limit")
