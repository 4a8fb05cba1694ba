#!/usr/bin/env python3
"""Opens the reports that `cargo test` wrote in a real browser and looks for what a reader would.

    tests/report_in_browser.py REPORTS [--pictures DIR]

REPORTS is the folder that KIZUMI_REPORT_DIR named while the test `report::` of tests/it ran. Each
report is opened in headless Chromium, light and dark, wide and narrow, and printed. It fails on
anything in the browser's log, any request but the file itself, anything addressed outside the
file, a missing section, a broken or empty picture, contents wider than the window or the paper,
text without enough contrast, and a print that is not on A4. With --pictures the screenshots and PDFs are kept for looking
at. Python's standard library alone; the browser is driven over a pipe (DevTools protocol).
"""

import argparse
import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SECTIONS = {
    "image": "head verdict figures scores regions energy settings model",
    "image-bare": "head figures scores settings",
    "folder": "head summary confusion curves histogram images failed settings model",
    "folder-bare": "head summary histogram images settings",
    "sheet": "head found missed alarming",
}
LANGUAGES = ("en", "ja")
WIDE, NARROW = (1280, 900), (390, 800)
# A4 without its margins, in CSS pixels.
PAPER = (695, 1016)

FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync --disable-extensions
--disable-default-apps --hide-scrollbars --remote-debugging-pipe""".split()

# What the open page says of itself. Runs in the page, so it sees what a reader sees.
EXAMINE = r"""(() => {
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parse = (text) => text.match(/[\d.]+/g).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('svg')) continue;
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !element.getClientRects().length) continue;
    const [a, b] = [parse(getComputedStyle(element).color).slice(0, 3), behind(element)].map(luminance);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) pale.push(`${element.tagName} "${element.textContent.trim().slice(0, 30)}" ${contrast.toFixed(2)}`);
  }
  const images = [...document.images];
  const named = (element) => element.getAttribute('aria-label') || element.getAttribute('aria-hidden');
  return {
    lang: document.documentElement.lang,
    title: document.title,
    ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
    images: images.length,
    broken: images.filter((i) => !i.complete || !i.naturalWidth || !i.clientWidth).length,
    unnamed: images.filter((i) => !i.alt).length + [...document.querySelectorAll('svg')].filter((s) => !named(s)).length,
    outside: [...document.querySelectorAll('[src], [href]')]
      .map((e) => e.getAttribute('src') ?? e.getAttribute('href')).filter((a) => !a.startsWith('data:')),
    scripts: document.scripts.length,
    headless: [...document.querySelectorAll('table')].filter((t) => !t.querySelector('th')).length,
    emptySections: [...document.querySelectorAll('section')].filter((s) => s.clientHeight < 40 || !s.querySelector('h2')).map((s) => s.id),
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    resources: performance.getEntriesByType('resource').map((r) => r.name).filter((n) => !n.startsWith('data:')),
    height: document.documentElement.scrollHeight,
    clipped: [...document.querySelectorAll('.pair > *, .wide, section, figure')]
      .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => `${e.tagName} ${e.id} ${e.scrollWidth - e.clientWidth} px`),
    pale,
  };
})()"""


class Browser:
    """A headless Chromium at the other end of two pipes."""

    def __init__(self, program, profile):
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def keep_pipes():
            # The browser reads from descriptor 3 and writes to 4. The copies come first, lest one
            # of the pipes already has one of these numbers.
            source, sink = os.dup(to_browser), os.dup(from_browser)
            high = [os.dup2(source, 40), os.dup2(sink, 41)]
            os.dup2(high[0], 3, inheritable=True)
            os.dup2(high[1], 4, inheritable=True)

        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            close_fds=False, preexec_fn=keep_pipes,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log,
        )
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.events, self.number, self.session = b"", [], 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.buffer:
            chunk = os.read(self.read_end, 1 << 20)
            if not chunk:
                self.log.seek(0)
                sys.exit(f"report_in_browser: the browser ended:\n{self.log.read().decode(errors='replace')}")
            self.buffer += chunk
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.write_end, data):]
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"]["value"]

    def open(self, path, size, scheme, media=""):
        width, height = size
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        self.wait_for("Page.loadEventFired")
        self.evaluate("Promise.all([...document.images].map((i) => i.decode().catch(() => 0))).then(() => 0)")

    def complaints(self, path):
        """What the browser logged, and what it asked for beside the file."""
        found = []
        for event in self.events:
            method, parameters = event.get("method"), event.get("params", {})
            if method == "Log.entryAdded":
                found.append("log: " + parameters["entry"]["text"])
            elif method == "Runtime.consoleAPICalled":
                found.append(f"console: {parameters['args']}")
            elif method == "Runtime.exceptionThrown":
                found.append(f"exception: {parameters['exceptionDetails']}")
            elif method == "Network.requestWillBeSent":
                url = parameters["request"]["url"]
                if url != path.as_uri() and not url.startswith("data:"):
                    found.append("request: " + url)
            elif method == "Network.loadingFailed":
                found.append("not loaded: " + parameters["errorText"])
        return found

    def screenshot(self, width, height):
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(shot["data"])

    def pdf(self):
        printed = self.call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
        return base64.b64decode(printed["data"])

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
            self.process.wait(timeout=20)
        except (OSError, subprocess.TimeoutExpired, SystemExit):
            self.process.kill()


def examine(page, sections, language):
    """What is wrong with an open page."""
    found = []

    def require(condition, complaint):
        if not condition:
            found.append(complaint)

    require(page["lang"] == language, f"its language is {page['lang']!r}")
    require(page["title"], "it has no title")
    ids = set(page["ids"])
    expected = set(sections.split())
    require(expected <= ids, f"missing: {sorted(expected - ids)}")
    known = set(" ".join(SECTIONS.values()).split())
    require(not (ids & known) - expected, f"unexpected: {sorted((ids & known) - expected)}")
    require(not page["emptySections"], f"empty sections: {page['emptySections']}")
    require(not page["broken"], f"{page['broken']} broken pictures")
    require(not page["unnamed"], f"{page['unnamed']} pictures without a text")
    require(not page["outside"], f"addresses outside the file: {page['outside'][:3]}")
    require(not page["resources"], f"loaded: {page['resources'][:3]}")
    require(page["scripts"] == 0, "it has scripts")
    require(page["headless"] == 0, f"{page['headless']} tables without heads")
    require(page["overflow"] <= 0, f"{page['overflow']} px wider than the window")
    require(not page["pale"], f"too little contrast: {page['pale'][:5]}")
    return found


def check(browser, path, sections, language, pictures):
    """Every complaint about one report."""
    text = path.read_text(encoding="utf-8")
    found = [f"text holds {word}" for word in ("http:", "https:", "<script", "@import", "url(") if word in text]
    for size, scheme in ((WIDE, "light"), (WIDE, "dark"), (NARROW, "light")):
        browser.open(path, size, scheme)
        page = browser.evaluate(EXAMINE)
        complaints = browser.complaints(path) + examine(page, sections, language)
        if not sections.startswith("head summary") and not page["images"]:
            complaints.append("no pictures")
        found += [f"{size[0]} px, {scheme}: {complaint}" for complaint in complaints]
        if pictures:
            name = f"{path.stem}.{scheme}.{size[0]}.png"
            (pictures / name).write_bytes(browser.screenshot(size[0], page["height"]))
    # Printed from the dark scheme, without backgrounds: the hardest case. Paper cannot be scrolled.
    browser.open(path, PAPER, "dark", "print")
    page = browser.evaluate(EXAMINE)
    for kind in ("clipped", "pale"):
        if page[kind]:
            found.append(f"printed, {kind}: {page[kind][:5]}")
    browser.open(path, WIDE, "dark")
    printed = browser.pdf()
    pages = len(re.findall(rb"/Type\s*/Page\b", printed))
    if not 1 <= pages <= 12:
        found.append(f"{pages} printed pages")
    if not re.search(rb"/MediaBox\s*\[0 0 59[45]\S* 84[12]", printed):
        found.append("not printed on A4")
    if pictures:
        (pictures / f"{path.stem}.pdf").write_bytes(printed)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reports", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        sys.exit("report_in_browser: no Chromium here; on Debian: apt-get install chromium")
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    failed = 0
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(program, profile)
        for name, sections in SECTIONS.items():
            for language in LANGUAGES:
                path = (options.reports / f"{name}.{language}.html").resolve()
                if not path.is_file():
                    complaints = ["not there; the tests write it where KIZUMI_REPORT_DIR says"]
                else:
                    complaints = check(browser, path, sections, language, options.pictures)
                failed += bool(complaints)
                print(f"report {path.name}: {'FAILED' if complaints else 'ok'}")
                for complaint in complaints:
                    print(f"  {complaint}")
        browser.close()
    sys.exit(f"report_in_browser: {failed} reports failed" if failed else 0)


if __name__ == "__main__":
    main()
