"""Looks at the status page in a headless Chromium, by the DevTools protocol, and prints what is wrong with it.

Usage: look_at_status.py BROWSER URL [FOLDER]. The first line of standard input is a list of what the page has to show. The line
"refuse" on standard output asks for one more refusal, whose reason is the second line of input; "stop" asks for the end of the
gateway, which the third one confirms. With a folder, pictures are kept there.
"""

import asyncio
import base64
import json
import os
import re
import signal
import sys
import tempfile
import urllib.request

import websockets

BROWSER, URL = sys.argv[1], sys.argv[2]
FOLDER = sys.argv[3] if len(sys.argv) > 3 else None
faults = []


def expect(truth, what):
    if not truth:
        faults.append(what)


class Page:
    """One tab: commands, their answers, and what it did meanwhile."""

    def __init__(self, socket):
        self.socket, self.number, self.waiting = socket, 0, {}
        self.requests, self.complaints, self.loaded = [], [], asyncio.Event()

    async def listen(self):
        async for text in self.socket:
            message = json.loads(text)
            if "id" in message:
                self.waiting.pop(message["id"]).set_result(message)
                continue
            method, values = message["method"], message.get("params", {})
            if method == "Network.requestWillBeSent":
                self.requests.append(values["request"]["url"])
            elif method == "Log.entryAdded":
                self.complaints.append(values["entry"]["text"])
            elif method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Audits.issueAdded"):
                self.complaints.append(json.dumps(values)[:400])
            elif method == "Page.loadEventFired":
                self.loaded.set()

    async def call(self, method, **values):
        self.number += 1
        future = self.waiting[self.number] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"id": self.number, "method": method, "params": values}))
        answer = await asyncio.wait_for(future, 20)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    async def open(self, url, width, scripts=True):
        self.requests.clear()
        self.complaints.clear()
        self.loaded.clear()
        await self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        await self.call("Page.navigate", url=url)
        await asyncio.wait_for(self.loaded.wait(), 20)

    async def html(self):
        root = (await self.call("DOM.getDocument", depth=0))["root"]["nodeId"]
        return (await self.call("DOM.getOuterHTML", nodeId=root))["outerHTML"]

    async def value(self, expression):
        result = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return result["result"].get("value")

    async def picture(self, name):
        if FOLDER:
            size = (await self.call("Page.getLayoutMetrics"))["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
            shot = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
            with open(os.path.join(FOLDER, name + ".png"), "wb") as file:
                file.write(base64.b64decode(shot["data"]))


def text(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)))


def list_tabs(port):
    plain = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with plain.open(f"http://127.0.0.1:{port}/json/list", timeout=20) as answer:
        return json.load(answer)


async def line():
    return (await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)).strip()


async def look(page, shown):
    for language, heading in (("en", "Revocation lists"), ("fr", "Listes de révocation")):
        for width in (1280, 360):
            for scripts in (True, False):
                name = f"{language} at {width}, {'with' if scripts else 'without'} scripts"
                await page.open(f"{URL}?lang={language}", width, scripts)
                html = await page.html()
                words = text(html)
                expect(f'<html lang="{language}">' in html, f"{name}: the language is not set")
                for word in [heading] + shown:
                    expect(word in words, f"{name}: does not show {word!r}")
                metrics = await page.call("Page.getLayoutMetrics")
                expect(metrics["cssContentSize"]["width"] <= width, f"{name}: wider than the screen: {metrics['cssContentSize']}")
                expect(len(re.findall("<script", html)) == 1, f"{name}: a script that is not ours")
                expect(not re.search(r"<[a-z][^<>]*\son\w+\s*=", html), f"{name}: a handler")
                expect("\u202e" not in html and "\u202E" not in words, f"{name}: text that turns the line")
                own = [url for url in page.requests if not url.startswith("data:")]
                expect(own == [f"{URL}?lang={language}"], f"{name}: asks for {own}")
                expect(not page.complaints, f"{name}: {page.complaints}")
                await page.picture(f"status-{language}-{width}-{scripts}")


async def update(page):
    await page.open(f"{URL}?lang=en", 1280)
    await page.value("window.mark = 1; window.turn = () => document.dispatchEvent(new Event('visibilitychange'))")
    before = await page.value("document.querySelector('[aria-labelledby=refusals]').textContent")
    print("refuse", flush=True)
    wanted = await line()
    for _ in range(100):
        await page.value("turn()")
        await asyncio.sleep(0.1)
        after = await page.value("document.querySelector('[aria-labelledby=refusals]').textContent")
        if wanted in after:
            break
    expect(wanted not in before and wanted in after, f"does not bring itself up to date: {after}")
    expect(await page.value("window.mark") == 1, "was loaded anew")
    expect(await page.value("document.getElementById('lost').hidden") is True, "says that the gateway is lost")
    expect(not page.complaints, f"while it was up to date: {page.complaints}")
    expect({url.split("?")[0] for url in page.requests} == {URL}, f"asked for {set(page.requests)}")
    evil = "const s = document.createElement('script'); s.textContent = 'window.evil = 1'; document.body.append(s); window.evil"
    expect(await page.value(evil) is None, "runs a script that is not its own")
    evil = "fetch('http://127.0.0.1:1/').then(() => 'sent', error => String(error))"
    expect("sent" not in str(await page.value(evil)), "asks elsewhere")
    expect(any("Content Security Policy" in text for text in page.complaints), "no policy is in force")
    print("stop", flush=True)
    await line()
    for _ in range(100):
        await page.value("turn()")
        await asyncio.sleep(0.1)
        if not await page.value("document.getElementById('lost').hidden"):
            break
    expect(not await page.value("document.getElementById('lost').hidden"), "does not say that the gateway is gone")


async def main():
    shown = json.loads(await line())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = await asyncio.create_subprocess_exec(
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--no-proxy-server", "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, start_new_session=True)
        try:
            while not (match := re.search(rb"ws://127.0.0.1:(\d+)/", await asyncio.wait_for(browser.stderr.readline(), 30))):
                pass
            drain = asyncio.create_task(browser.stderr.read())
            tabs = await asyncio.get_running_loop().run_in_executor(None, list_tabs, int(match[1]))
            target = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            async with websockets.connect(target, max_size=None, proxy=None) as socket:
                page = Page(socket)
                listening = asyncio.create_task(page.listen())
                for domain in ("Page", "Network", "Log", "Runtime", "DOM"):
                    await page.call(f"{domain}.enable")
                await look(page, shown)
                await update(page)
                listening.cancel()
                print("\n".join(faults) if faults else "fine", flush=True)
        finally:
            # Its helpers hold the pipe open, which would be waited for.
            os.killpg(browser.pid, signal.SIGKILL)
            await browser.wait()


asyncio.run(main())
