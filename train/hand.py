"""How the page feels under the hand, in a real browser on this machine: python -m train.hand.

Prints the time from a move of the pen to the bars that answer it, and how long the page's own code
takes of the frames in which a long stroke is drawn. The last line is JSON.
"""

import argparse
import itertools
import json
import os
import statistics

from playwright.sync_api import sync_playwright

from train.audit import chromium
from train.server import running

FRAME = 1000 / 60  # ms
REST = 300  # ms in which the bars come to rest

# When each move came and when the bars first changed after it, by the clock of the browser.
WATCH_BARS = """() => {
    window.moved = 0;
    window.delays = [];
    const canvas = document.querySelector("#pad canvas");
    canvas.addEventListener("pointermove", ({ timeStamp }) => (window.moved = timeStamp));
    new MutationObserver(() => {
        if (moved) delays.push(performance.now() - moved);
        window.moved = 0;
    }).observe(document.querySelector("#bars"), { childList: true, subtree: true });
}"""

# How long each pointer event keeps the page's listeners, and when each frame came.
WATCH_FRAMES = """() => {
    window.spent = [];
    window.frames = [];
    let begin = 0;
    addEventListener("pointermove", () => (begin = performance.now()), { capture: true });
    addEventListener("pointermove", () => spent.push(performance.now() - begin));
    const frame = (time) => {
        frames.push(time);
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    window.long = [];
    new PerformanceObserver((list) => {
        for (const { scripts } of list.getEntries()) {
            long.push(scripts.reduce((sum, { duration }) => sum + duration, 0));
        }
    }).observe({ type: "long-animation-frame" });
}"""


def main():
    parser = argparse.ArgumentParser(prog="python -m train.hand", description=__doc__)
    parser.add_argument("--moves", type=int, default=40, help="each answered before the next")
    parser.add_argument("--stroke", type=int, default=900, help="moves of the long stroke")
    options = parser.parse_args()
    executable = chromium()
    with running(WEB_CONCURRENCY="1") as server, sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=executable, args=root)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.url)
        figures = {"answer": answers(page, options.moves), "stroke": frames(page, options.stroke)}
        browser.close()
    answer, stroke = figures["answer"], figures["stroke"]
    print(
        f"From a move of the pen to the bars: median {answer['median_ms']} ms, "
        f"longest {answer['longest_ms']} ms of {options.moves}"
    )
    print(
        f"A stroke of {options.stroke} moves: {stroke['frames']} frames, {stroke['late']} late; "
        f"the page's own code took {stroke['own_ms']} ms of a move at the median, "
        f"{stroke['own_longest_ms']} ms at most, "
        f"and {stroke['own_frames']} frames of 50 ms or more had a frame's time of scripts in them"
    )
    print(json.dumps(figures))


def answers(page, moves):
    """Draw a line move by move, and wait for the answer to each."""
    left, top, _, height = pad(page)
    page.mouse.move(left, top)
    page.mouse.down()
    page.wait_for_timeout(2 * REST)
    page.evaluate(WATCH_BARS)
    for move in range(1, moves + 1):
        page.mouse.move(left, top + move / moves * height)
        page.wait_for_function("count => delays.length >= count", arg=move)
        page.wait_for_timeout(REST)
    page.mouse.up()
    delays = page.evaluate("delays")
    return {"median_ms": round(statistics.median(delays), 1), "longest_ms": round(max(delays), 1)}


def frames(page, moves):
    """Draw a long stroke to and fro over the whole pad, answers and all."""
    left, top, width, height = pad(page)
    page.evaluate(WATCH_FRAMES)
    page.mouse.move(left, top)
    page.mouse.down()
    for move in range(moves):
        across = abs(move / 60 % 2 - 1)
        page.mouse.move(left + across * width, top + move / moves * height)
    page.mouse.up()
    times, spent, long = page.evaluate("[frames, spent, long]")
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    return {
        "frames": len(times),
        "late": sum(gap > 1.5 * FRAME for gap in gaps),
        "own_ms": round(statistics.median(spent), 2),
        "own_longest_ms": round(max(spent), 2),
        "own_frames": sum(script >= FRAME for script in long),
    }


def pad(page):
    """Left, top, width and height of the part of the pad that is drawn on, in pixels."""
    box = page.locator("#pad canvas").bounding_box()
    inset = box["height"] / 10
    return (
        box["x"] + inset,
        box["y"] + inset,
        box["width"] - 2 * inset,
        box["height"] - 2 * inset,
    )


if __name__ == "__main__":
    main()
