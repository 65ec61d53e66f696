"""Builds `districtops/static/vendor/` from the installed front-end packages: tokens, fonts, icons.

Only what pages use is copied. A style sheet that would fetch anything from elsewhere stops the build: an office without
internet access must not wait for it, and a page must not tell strangers who reads it.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "districtops" / "static" / "vendor"

KRDS = NODE_MODULES / "krds-uiux"
NOTO = NODE_MODULES / "@fontsource-variable" / "noto-sans-kr"
HEROICONS = NODE_MODULES / "heroicons"

PRETENDARD_WEIGHTS = {"Regular": 400, "Medium": 500, "Bold": 700}

# Heroicons, outline, 24 pixels. A name missing here is missing from the pages: add it, then run the set-up again.
ICONS = """
    adjustments-horizontal archive-box arrow-down arrow-down-tray arrow-left arrow-path arrow-right
    arrow-right-start-on-rectangle arrow-top-right-on-square arrow-trending-down arrow-trending-up arrow-up
    arrow-up-tray arrow-uturn-left arrows-up-down banknotes bars-3 bell book-open briefcase building-library
    building-office-2 calculator calendar calendar-days chart-bar chart-pie chat-bubble-left check check-badge
    check-circle chevron-double-left chevron-double-right chevron-down chevron-left chevron-right chevron-up
    chevron-up-down clipboard-document-check clipboard-document-list clock cog-6-tooth document document-chart-bar
    document-duplicate document-text ellipsis-horizontal ellipsis-vertical envelope exclamation-circle
    exclamation-triangle eye eye-slash flag folder folder-open funnel gift globe-alt hand-raised heart home
    identification inbox information-circle key language light-bulb link list-bullet lock-closed lock-open
    magnifying-glass map map-pin megaphone minus minus-circle moon no-symbol paper-airplane paper-clip pause-circle
    pencil-square phone photo play-circle plus plus-circle printer question-mark-circle queue-list receipt-percent
    rectangle-stack scale shield-check shield-exclamation sparkles square-3-stack-3d squares-2x2 star stop-circle
    sun table-cells tag ticket trash trophy user user-circle user-group user-minus user-plus users view-columns
    wallet wrench-screwdriver x-circle x-mark
""".split()  # noqa: SIM905 - easier to read and sort than quoted words

SVG = "http://www.w3.org/2000/svg"
ICON_ATTRIBUTES = {"d", "fill-rule", "clip-rule", "stroke-linecap", "stroke-linejoin"}

PRETENDARD_NOTICE = """\
Copyright (c) 2021, Kil Hyung-jin (https://github.com/orioncactus/pretendard), with Reserved Font Name 'Pretendard'.
Copyright 2014-2021 Adobe (http://www.adobe.com/), with Reserved Font Name 'Source'.
Source is a trademark of Adobe in the United States and/or other countries.
Copyright (c) 2016 The Inter Project Authors (https://github.com/rsms/inter), with Reserved Font Name 'Inter'.
Copyright 2021 The M+ FONTS Project Authors (https://github.com/coz-m/MPLUS_FONTS), with Reserved Font Name 'M PLUS 1'.
Licensed under the SIL Open Font License, Version 1.1; its text follows under Noto Sans KR."""

KRDS_NOTICE = """\
Design tokens of KRDS, the design system of the Korean government (대한민국 디지털 정부 디자인 시스템), https://www.krds.go.kr.
Used with attribution under the KRDS terms of use, to which the package refers; package.json says ISC.
Their values are unchanged. The components, scripts and marks of KRDS are not used."""


class AssetError(Exception):
    """One sentence: what is wrong with the front-end packages."""


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise AssetError(f"{path.relative_to(ROOT)} cannot be read ({error.strerror})") from error


def copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as error:
        raise AssetError(f"{source.relative_to(ROOT)} cannot be copied ({error.strerror})") from error


def short_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def style_sheet(css: str, target: Path) -> None:
    """Writes a style sheet whose every `url()` is one of our files, with that file's digest as `?v=`.

    The digest is the manifest's, so a page that preloads a font asks for the same address as the style sheet.
    """
    css = re.sub(r"/\*.*?\*/\s*", "", css, flags=re.DOTALL)
    if re.search(r"@import|//|\\", css, flags=re.IGNORECASE):
        raise AssetError(f"{target.name} would fetch from elsewhere, or hides what it fetches")

    def versioned(match: re.Match[str]) -> str:
        file = target.parent / match[1].strip("\"' ")
        if not file.is_file():
            raise AssetError(f"{target.name} refers to {match[1]}, which is not there")
        return f'url("{file.relative_to(target.parent).as_posix()}?v={short_digest(file)}")'

    target.write_text(re.sub(r"url\(([^)]*)\)", versioned, css, flags=re.IGNORECASE), encoding="utf-8")


def tokens(build: Path) -> None:
    style_sheet(read(KRDS / "resources" / "css" / "token" / "krds_tokens.css"), build / "krds_tokens.css")


def fonts(build: Path) -> None:
    """Pretendard GOV, and Noto Sans KR in small pieces for the signs and Hanja that it lacks."""
    faces = []
    for weight, number in PRETENDARD_WEIGHTS.items():
        name = f"PretendardGOV-{weight}.subset.woff2"
        copy(KRDS / "resources" / "fonts" / name, build / "fonts" / name)
        faces.append(
            f'@font-face {{ font-family: "Pretendard GOV"; font-style: normal; font-weight: {number}; '
            f'font-display: swap; src: url(fonts/{name}) format("woff2"); }}\n'
        )
    for font in sorted((NOTO / "files").glob("*-wght-normal.woff2")):
        copy(font, build / "fonts" / font.name)
    noto = read(NOTO / "wght.css").replace("./files/", "fonts/").replace("Noto Sans KR Variable", "Noto Sans KR")
    style_sheet("".join(faces) + noto, build / "fonts.css")


def icons(build: Path) -> None:
    """One file of `<symbol>`s, drawn with the colour of the text around them."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    for name in ICONS:
        drawing = ET.fromstring(read(HEROICONS / "24" / "outline" / f"{name}.svg"))  # noqa: S314 - hash-checked
        symbol = ET.SubElement(
            sprite,
            f"{{{SVG}}}symbol",
            {"id": name, "viewBox": drawing.attrib["viewBox"], "fill": "none"}
            | {"stroke": "currentColor", "stroke-width": drawing.attrib["stroke-width"]},
        )
        for shape in drawing:
            if shape.tag != f"{{{SVG}}}path" or not set(shape.attrib) <= ICON_ATTRIBUTES:
                raise AssetError(f"the icon {name} contains more than plain lines")
            shape.tail = None
            symbol.append(shape)
        symbol.tail = "\n"
    (build / "icons.svg").write_text(ET.tostring(sprite, encoding="unicode") + "\n", encoding="utf-8")


def notice(build: Path) -> None:
    parts = []
    for package, files, licence in (
        (KRDS, "krds_tokens.css", KRDS_NOTICE),
        (KRDS, "fonts/PretendardGOV-*", PRETENDARD_NOTICE),
        (NOTO, "fonts/noto-sans-kr-*", read(NOTO / "LICENSE")),
        (HEROICONS, "icons.svg", read(HEROICONS / "LICENSE")),
    ):
        about = json.loads(read(package / "package.json"))
        parts.append(f"{files}\nfrom {about['name']} {about['version']}\n\n{licence.strip()}\n")
    (build / "NOTICE.txt").write_text(f"\n{'=' * 100}\n\n".join(parts), encoding="utf-8")


def main() -> None:
    # Built beside its place and moved there whole: an interrupted build leaves what was there before.
    build = VENDOR.with_name(".vendor-unfinished")
    shutil.rmtree(build, ignore_errors=True)
    build.mkdir(parents=True)
    for part in (tokens, fonts, icons, notice):
        part(build)
    files = sorted(path for path in build.rglob("*") if path.is_file())
    manifest = {path.relative_to(build).as_posix(): short_digest(path) for path in files}
    (build / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    build.rename(VENDOR)


if __name__ == "__main__":
    try:
        main()
    except AssetError as error:
        sys.exit(str(error))
