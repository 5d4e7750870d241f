"""Envelopes that nobody can break out of, and a real mail server that takes, refuses and vanishes."""

import datetime as dt
import ipaddress
import socket
import ssl
from contextlib import closing
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from consult.adapters.mail import Folder, Server, envelope, server_at
from consult.config import SettingError, read_settings
from consult.domain.languages import Language
from consult.domain.mail import Letter, ServerAway, Undelivered
from tests.support.post import html_of, letters_in, mail_server, parsed, text_of

NOW = dt.datetime(2026, 11, 23, 12, 30, tzinfo=dt.UTC)
SENDER = "consult@street.example.kz"


def letter(to: str = "dana@example.kz", **given: str) -> Letter:
    words = {"subject": "Жауап келді", "text": "Сәлем, Дана.\n", "html": "<p>Сәлем, <b>Дана</b>.</p>\n"}
    name = given.pop("name", "20261123T123000000000-00000007-reply_received")
    return Letter(name=name, to=to, language=Language.KK, **{**words, **given})


def test_a_letter_has_both_parts_and_says_what_it_is() -> None:
    sent = parsed(
        envelope(letter(stop_url="https://street.example.kz/kk/mail/stop/x"), SENDER, NOW).as_bytes()
    )
    assert sent["From"] == "Consult <consult@street.example.kz>"
    assert sent["To"] == "dana@example.kz"
    assert sent["Subject"] == "Жауап келді"
    assert sent["Date"].datetime == NOW
    assert sent["Message-ID"] == "<20261123T123000000000-00000007-reply_received@street.example.kz>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Content-Language"] == "kk"
    assert sent["List-Unsubscribe"] == "<https://street.example.kz/kk/mail/stop/x>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]
    assert text_of(sent) == "Сәлем, Дана.\n"
    assert "<b>Дана</b>" in html_of(sent)


def test_a_letter_about_the_account_cannot_be_unsubscribed_from() -> None:
    assert "List-Unsubscribe" not in envelope(letter(), SENDER, NOW)


def test_a_letter_is_seven_bit_with_short_lines_whatever_is_in_it() -> None:
    long = envelope(letter(text="ә" * 5000, html="<p>" + "ұ" * 5000 + "</p>", subject="Қ" * 300), SENDER, NOW)
    content = long.as_bytes()
    assert content.isascii()
    assert max(map(len, content.splitlines())) <= 998
    assert parsed(content)["Subject"] == "Қ" * 300


@pytest.mark.parametrize("blank", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85", "\0"])
def test_no_subject_can_add_a_header(blank: str) -> None:
    sent = envelope(letter(subject=f"Hello{blank}Bcc: thief@example.com"), SENDER, NOW)
    written = parsed(sent.as_bytes())
    assert written.get_all("Bcc") is None
    assert str(written["Subject"]).replace(" ", "") == "HelloBcc:thief@example.com"


@pytest.mark.parametrize(
    "address",
    [
        "dana@example.kz\r\nBcc: thief@example.com",
        "dana\n@example.kz",
        "dana@exam\rple.kz",
        "erased:7",
        "dana@" + "x" * 80 + ".kz",
        "",
    ],
)
def test_an_address_that_breaks_a_header_is_refused_for_ever(address: str) -> None:
    with pytest.raises(Undelivered) as refused:
        envelope(letter(address), SENDER, NOW)
    assert refused.value.is_permanent


def test_a_domain_in_cyrillic_letters_is_written_as_servers_know_it() -> None:
    assert envelope(letter("dana@пошта.қаз"), SENDER, NOW)["To"] == "dana@xn--80a1acn3a.xn--80ao21a"


def test_a_long_address_in_a_header_stays_whole() -> None:
    url = "https://consultations.of-a-long-name.example.kz/kk/mail/stop/" + "x" * 200
    written = envelope(letter(stop_url=url), "consult@of-a-long-name.example.kz", NOW).as_bytes()
    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in written
    assert b"\r\nMessage-ID: <20261123T" in written


def test_a_folder_keeps_the_letter_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "mail", SENDER)
    for _ in range(2):
        folder.hand_over(letter(), NOW)
    (kept,) = letters_in(tmp_path)
    assert kept["Subject"] == "Жауап келді"
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "20261123T123000000000-00000007-reply_received.eml"
    assert file.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_a_server_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands in the way")
    with pytest.raises(ServerAway):
        Folder(tmp_path / "mail", SENDER).hand_over(letter(), NOW)


def test_a_server_takes_several_letters_over_one_connection() -> None:
    with mail_server() as server, closing(Server(server_at(server.url), SENDER)) as post:
        for number in range(3):
            post.hand_over(letter(f"person{number}@example.kz"), NOW)
        connection = post._connection
        assert connection is not None
        assert server.recipients == [f"person{number}@example.kz" for number in range(3)]
        assert server.envelopes[0][0] == SENDER
        assert text_of(server.letters[2]) == "Сәлем, Дана.\n"


@pytest.mark.parametrize(
    ("answer", "is_permanent"),
    [("550 5.1.1 dana@example.kz is unknown", True), ("451 4.3.0 later", False), ("452 full", False)],
)
@pytest.mark.parametrize("place", ["on_recipient", "on_letter"])
def test_a_refusal_is_for_this_letter_alone(place: str, answer: str, is_permanent: bool) -> None:  # noqa: FBT001
    with mail_server() as server, closing(Server(server_at(server.url), SENDER)) as post:
        setattr(server, place, lambda address: answer if address == "dana@example.kz" else None)
        with pytest.raises(Undelivered) as refused:
            post.hand_over(letter(), NOW)
        assert not isinstance(refused.value, ServerAway)
        assert refused.value.is_permanent is is_permanent
        assert "dana" not in str(refused.value)
        post.hand_over(letter("dauren@example.kz"), NOW)
        assert server.recipients == ["dauren@example.kz"]


def test_a_server_that_closes_is_away_and_found_again_later() -> None:
    with mail_server() as server, closing(Server(server_at(server.url), SENDER)) as post:
        server.on_letter = lambda _address: "421 4.3.2 closing"
        with pytest.raises(ServerAway, match="421"):
            post.hand_over(letter(), NOW)
        server.on_letter = lambda _address: None
        post.hand_over(letter(), NOW)
        assert server.recipients == ["dana@example.kz"]


def test_no_server_is_a_server_that_is_away() -> None:
    with mail_server() as server:
        url = server.url
    with closing(Server(server_at(url), SENDER)) as post, pytest.raises(ServerAway, match="refused"):
        post.hand_over(letter(), NOW)


def test_a_server_that_says_nothing_is_away_after_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = server_at(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        with closing(Server(address, SENDER, timeout_seconds=0.2)) as post, pytest.raises(ServerAway):
            post.hand_over(letter(), NOW)


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself, and the server's side of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
        .not_valid_after(dt.datetime.now(dt.UTC) + dt.timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, key_file = folder / "certificate.pem", folder / "key.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key_file)
    return file, context


def only_dana(
    _server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, proof: LoginPassword
) -> AuthResult:
    is_right = (proof.login, proof.password) == (b"dana", b"p@ss:w/rd")
    return AuthResult(success=mechanism in {"LOGIN", "PLAIN"} and is_right, handled=False)


def test_the_password_goes_only_over_an_encrypted_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": only_dana,
        "auth_required": True,
    }
    with mail_server(**options) as server:
        right = f"smtp+starttls://dana:p%40ss%3Aw%2Frd@127.0.0.1:{server.port}"
        with closing(Server(server_at(right), SENDER)) as post:
            post.hand_over(letter(), NOW)
        assert server.recipients == ["dana@example.kz"]
        for wrong in (right.replace("w%2Frd", "rong"), right.replace("smtp+starttls", "smtp")):
            with closing(Server(server_at(wrong), SENDER)) as post, pytest.raises(ServerAway) as away:
                post.hand_over(letter(), NOW)
            assert "p@ss" not in str(away.value)
    assert len(server.letters) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path) -> None:
    _file, context = certificate(tmp_path)
    with (
        mail_server(tls_context=context) as server,
        closing(Server(server_at(f"smtp+starttls://127.0.0.1:{server.port}"), SENDER)) as post,
        pytest.raises(ServerAway, match="certificate verify failed"),
    ):
        post.hand_over(letter(), NOW)


@pytest.mark.parametrize(
    "url", ["mail.example.kz", "http://mail.example.kz", "smtp://", "smtp://host:mail", "smtp://host:99999"]
)
def test_a_setting_that_names_no_server_is_refused_at_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="CONSULT_SMTP_URL"):
        read_settings({"CONSULT_SMTP_URL": url, "CONSULT_INSTANCE": str(tmp_path)})


def test_the_sender_is_of_the_host_of_the_pages_or_as_set(tmp_path: Path) -> None:
    base = {"CONSULT_INSTANCE": str(tmp_path)}
    assert read_settings(base).sender_address == "consult@localhost"
    public = {**base, "CONSULT_BASE_URL": "https://street.example.kz:8443/x"}
    assert read_settings(public).sender_address == "consult@street.example.kz"
    assert read_settings({**public, "CONSULT_MAIL_FROM": "hall@city.kz"}).sender_address == "hall@city.kz"
    for wrong in ("hall", "a@b\r\nBcc: c@d", "Hall <hall@city.kz>"):
        with pytest.raises(SettingError, match="CONSULT_MAIL_FROM"):
            read_settings({**base, "CONSULT_MAIL_FROM": wrong})
