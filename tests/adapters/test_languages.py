"""The language of a text, offline."""

import subprocess
import sys

import pytest

from consult.adapters.languages import detect_language
from consult.domain.languages import Language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Қазақстан Республикасы мәслихатының сессиясы", Language.KK),
        ("Повестка дня заседания общественного совета", Language.RU),
        ("Agenda of the meeting of the public council", Language.EN),
        ("309398 https://example.org/agenda", None),
        ("", None),
    ],
)
def test_the_language_of_a_text_is_told(text: str, language: Language | None) -> None:
    assert detect_language(text) is language


def test_importing_the_detector_loads_no_models() -> None:
    code = "import sys, consult.adapters.languages; sys.exit('lingua' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
