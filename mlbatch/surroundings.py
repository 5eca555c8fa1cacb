"""The surroundings in which LibreOffice works (轉檔環境): a profile, variables and fonts of our own.

No macro runs, no link is followed, nothing is fetched, and nothing is left in the user's own settings or
in the system's folder for temporary files. What would differ by chance, by the machine's language or its
zone is settled.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

# The same result whenever it is made: one thread, a repeatable chance, one language, one zone.
SETTLED = {
    "SC_IMPORT_THREADS": "1", "MAX_CONCURRENCY": "1", "SAL_RAND_REPEATABLE": "1", "SAL_USE_VCLPLUGIN": "svp",
    "SOURCE_DATE_EPOCH": "1514764800", "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "LANGUAGE": "",
    "GSETTINGS_BACKEND": "memory",
}  # fmt: skip
SETTINGS = {
    "/org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": 3, "DisableMacrosExecution": True, "BlockUntrustedRefererLinks": True,
    },
    "/org.openoffice.Office.Calc/Content/Update": {"Link": 1},  # never
    "/org.openoffice.Office.Writer/Content/Update": {"Link": 0},  # never
    "/org.openoffice.Office.Calc/Formula/Load": {"OOXMLRecalcMode": 1, "ODFRecalcMode": 1},  # as stored
    "/org.openoffice.Setup/L10N": {"ooSetupSystemLocale": "zh-TW"},
    "/org.openoffice.Office.Linguistic/General": {"DefaultLocale_CJK": "zh-TW"},
}  # fmt: skip
# Fonts of Windows → what shows Taiwan's forms of the characters where they are not installed.
INSTEAD = {
    "標楷體": ("DFKai-SB", "TW-Kai", "AR PL UKai TW", "Noto Serif CJK TC"),
    "微軟正黑體": ("Microsoft JhengHei", "Noto Sans CJK TC", "WenQuanYi Zen Hei"),
}
FONTS = "/etc/fonts/fonts.conf"  # Linux's own


@dataclass(frozen=True)
class Surroundings:
    """The folder of the profile, and the variables of the process."""

    profile: Path
    variables: dict[str, str]


def made(workshop: Path) -> Surroundings:
    """Surroundings in `workshop`. Raises OSError if it cannot be written."""
    profile, tmp, fonts = workshop / "profile", workshop / "tmp", workshop / "fonts.conf"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    tmp.mkdir(exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_settings(), "utf-8")
    fonts.write_text(_fonts(), "utf-8")
    own = {**dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(tmp)), "FONTCONFIG_FILE": str(fonts)}
    return Surroundings(profile, {**os.environ, **SETTLED, **own})


def _settings() -> str:
    items = [
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{_said(value)}</value></prop></item>'
        for path, own in SETTINGS.items()
        for name, value in own.items()
    ]
    space = 'xmlns:oor="http://openoffice.org/2001/registry"'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {space}>\n{"".join(items)}\n</oor:items>\n'


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fonts() -> str:
    """The system's own fonts, and after each font of Windows what stands in for it."""
    aliases = "".join(
        f"<alias binding='same'><family>{font}</family><accept>"
        + "".join(f"<family>{other}</family>" for other in others)
        + "</accept></alias>\n"
        for font, others in INSTEAD.items()
    )
    own = os.environ.get("FONTCONFIG_FILE", FONTS)
    head = "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>\n"
    return f"{head}<fontconfig>\n<include ignore_missing='yes'>{own}</include>\n{aliases}</fontconfig>\n"
