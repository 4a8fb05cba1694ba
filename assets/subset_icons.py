#!/usr/bin/env python3
"""Makes Phosphor-Bold-subset.ttf, the font of the window's icons.

    pip install fonttools
    python3 assets/subset_icons.py Phosphor-Bold.ttf

The source is the bold weight of Phosphor Icons 2.1 (https://phosphoricons.com), as in the crate
egui-phosphor (res/Phosphor-Bold.ttf). Kept are the icons whose code points src/ui/icon.rs names.
"""

import re
import sys
from pathlib import Path

from fontTools import subset

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "Phosphor-Bold-subset.ttf"


def main():
    source = (HERE.parent / "src/ui/icon.rs").read_text(encoding="utf-8")
    points = [int(point, 16) for point in re.findall(r"= 0x([0-9A-F]{4}),", source)]
    options = subset.Options()
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    font = subset.load_font(sys.argv[1], options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    # Equal input gives equal bytes.
    font.recalcTimestamp = False
    font.save(OUTPUT)
    print(f"{OUTPUT.name}: {len(font.getBestCmap())} icons, {OUTPUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
