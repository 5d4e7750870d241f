"""The names that files get."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.domain.attachments import FILE_KINDS, NAME_LONGEST, clean_filename

PDF, JPEG = "application/pdf", "image/jpeg"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("Көше жоспары.PDF", "Көше жоспары.pdf"),
        ("plan.exe", "plan.exe.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie- x.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ('"><script>.pdf', "script.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("con.pdf", "document-con.pdf"),
        ("x" * 300 + ".pdf", "x" * (NAME_LONGEST - 4) + ".pdf"),
    ],
)
def test_a_name_is_made_harmless_and_ends_as_its_content_asks(written: str, kept: str) -> None:
    assert clean_filename(written, PDF) == kept


def test_both_endings_of_a_photograph_are_the_same() -> None:
    assert clean_filename("street.jpeg", JPEG) == clean_filename("street.jpg", JPEG) == "street.jpg"


@given(st.text(max_size=400), st.sampled_from(sorted(FILE_KINDS)))
def test_no_name_leads_out_of_its_folder(written: str, media_type: str) -> None:
    name = clean_filename(written, media_type)
    assert name.endswith(FILE_KINDS[media_type].ending)
    assert len(name) <= NAME_LONGEST + len("document-")
    assert not set(name) & set('/\\<>:"|?*%;\r\n\0')
    assert name[0] != "."
