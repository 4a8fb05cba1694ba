#!/usr/bin/env python3
"""Makes NotoSansJP-subset.otf, the font of the window's Japanese texts.

    pip install fonttools
    python3 assets/subset_font.py NotoSansCJK-Regular.ttc

The source is the Japanese face of Noto Sans CJK 2.004, as in Debian's package fonts-noto-cjk
(/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc). Kept are: every character of the program's
texts, printable ASCII and Latin-1, the mathematical signs around them, kana, full- and half-width
forms, and the kanji of JIS X 0208 (levels 1 and 2), for file names. Kept out are
alternative glyphs and layout features, since the window uses none.

The line metrics are those of a user interface rather than of a book: Noto asks for lines of 1.45 em,
which would make every row of the window taller in Japanese than in English.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "NotoSansJP-subset.otf"
FAMILY = "Noto Sans CJK JP"
# Above and below the baseline, in thousandths of an em.
ASCENT, DESCENT = 930, 240


def jis_x_0208(rows):
    """The characters of rows of JIS X 0208."""
    for row in rows:
        for cell in range(1, 95):
            try:
                yield bytes([0xA0 + row, 0xA0 + cell]).decode("euc_jp")
            except UnicodeDecodeError:
                pass


def characters():
    """Everything that the font is to have."""
    wanted = {chr(code) for code in range(0x20, 0x7F)}
    wanted |= {chr(code) for code in range(0xA0, 0x100)}
    wanted |= {chr(code) for code in range(0x2010, 0x2044)}
    wanted |= {chr(code) for code in range(0x2070, 0x20A0)}
    wanted |= {chr(code) for code in range(0x2190, 0x2200)}
    wanted |= {chr(code) for code in range(0x2200, 0x2270)}
    wanted |= {chr(code) for code in range(0x3000, 0x3100)}
    wanted |= {chr(code) for code in range(0xFF00, 0xFFA0)}
    # Symbols, digits, kana and Greek; then the kanji.
    wanted |= set(jis_x_0208(range(1, 7)))
    wanted |= set(jis_x_0208(range(16, 85)))
    for source in sorted((HERE.parent / "src").rglob("*.rs")):
        wanted |= set(source.read_text(encoding="utf-8"))
    return {ord(letter) for letter in wanted if ord(letter) >= 0x20}


def main():
    fonts = TTCollection(sys.argv[1]).fonts
    font = next(font for font in fonts if font["name"].getDebugName(1) == FAMILY)
    options = subset.Options()
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    lines = font["hhea"]
    lines.ascent, lines.descent, lines.lineGap = ASCENT, -DESCENT, 0
    metrics = font["OS/2"]
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ASCENT, -DESCENT, 0
    metrics.usWinAscent, metrics.usWinDescent = ASCENT, DESCENT
    # Equal input gives equal bytes.
    font.recalcTimestamp = False
    font.save(OUTPUT)
    kept = len(font.getBestCmap())
    print(f"{OUTPUT.name}: {kept} characters, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
