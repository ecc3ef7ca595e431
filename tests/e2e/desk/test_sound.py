"""The sound of an emergency, recorded from the page's audio output and analysed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.conftest import ARGUMENTS, CHROMIUM
from tests.e2e.desk.conftest import Serve, Server, Window, go

pytestmark = [pytest.mark.slow, pytest.mark.browser]
EMERGENCY = "Tolong segera, kebakaran besar di Desa Sukadami, api sudah membakar rumah dan ada orang terjebak di dalam"
TONES = (660, 880)  # Hz
AUDIBLE, SILENT = 0.02, 1e-4  # root mean square of samples in -1..1
SETTLE_MILLISECONDS = 2500  # from the notice to the end of the alarm

# Copies the page's audio output to a recorder.
_TAP = """
{
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) connect.call(this, window.tap(target.context));
    return connect.call(this, target, ...rest);
  };
  const taps = new Map();
  window.tap = (context) => {
    if (!taps.has(context)) {
      const silence = new ConstantSourceNode(context, { offset: 0 }); // without any source nothing would be recorded
      taps.set(context, connect.call(silence, context.createMediaStreamDestination()));
      silence.start();
    }
    return taps.get(context);
  };
  window.contexts = [];
  window.AudioContext = class extends AudioContext { constructor(...all) { super(...all); contexts.push(this); } };
  window.record = () => {
    const pieces = [];
    window.recorder = new MediaRecorder(tap(contexts.at(-1)).stream);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.start();
    window.recorded = async () => {
      await new Promise((done) => { recorder.onstop = done; recorder.stop(); });
      const decoder = new OfflineAudioContext(1, 1, 48000);
      const sound = await decoder.decodeAudioData(await new Blob(pieces).arrayBuffer());
      return { rate: sound.sampleRate, samples: [...sound.getChannelData(0)] };
    };
  };
}
"""


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    server = serve("--empty")
    server.post("Lampu jalan di Desa Sukadami mati sudah seminggu")
    return server


@pytest.fixture(scope="module")
def permissive(playwright: Playwright) -> Iterator[Browser]:
    """A browser set to allow autoplay, as for a wall display."""
    arguments = [*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield browser
    browser.close()


def _heard(page: Page, desk: Server, text: str) -> tuple[NDArray[np.float64], int]:
    """Post an emergency while recording the page's sound; return the samples, and their rate in Hz."""
    page.evaluate("record()")
    number = desk.post(text)
    expect(page.locator("#alarm")).to_contain_text(str(number))
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    sound: dict[str, Any] = page.evaluate("recorded()")
    return np.array(sound["samples"]), int(sound["rate"])


def _is_alarm(samples: NDArray[np.float64], rate: int) -> bool:
    """Tell whether the recording has both tones of the alarm, and nothing else as loud."""
    if np.sqrt(np.mean(samples**2)) < AUDIBLE:
        return False
    power = np.abs(np.fft.rfft(samples)) ** 2
    pitches = np.fft.rfftfreq(len(samples), 1 / rate)
    around = [power[np.abs(pitches - tone) < 25].sum() for tone in TONES]
    return bool(min(around) > 0.1 * power.sum() and sum(around) > 0.8 * power.sum())


def test_an_emergency_sounds_at_once_where_the_browser_allows_it(desk: Server, permissive: Browser) -> None:
    context = permissive.new_context()
    page = context.new_page()
    page.add_init_script(_TAP)
    go(page, desk.address)
    expect(page.locator("#connection")).to_have_text("Tersambung")
    expect(page.locator("#sound")).to_have_text("Suara hidup")
    samples, rate = _heard(page, desk, EMERGENCY)
    assert _is_alarm(samples, rate)
    context.close()


def test_before_the_first_touch_the_page_says_that_it_is_silent_and_afterwards_it_sounds_unless_muted(
    desk: Server, window: Callable[..., Window]
) -> None:
    opened = window()
    page = opened.page
    page.add_init_script(_TAP)
    go(page, desk.address)
    expect(page.locator("#connection")).to_have_text("Tersambung")
    expect(page.locator("#sound")).to_have_text("Suara tertahan")
    for n in range(2):  # suppressed alarms don't accumulate
        number = desk.post(f"{EMERGENCY} {n}")
        expect(page.locator(".toast.bad").last).to_contain_text(f"nomor {number}")
        expect(page.locator(".toast.bad").last).to_contain_text("tanpa bunyi")
    assert page.evaluate("contexts.every((context) => context.state === 'suspended')")

    page.get_by_role("button", name="Suara tertahan").click()
    expect(page.locator("#sound")).to_have_text("Suara hidup")
    page.wait_for_timeout(SETTLE_MILLISECONDS)  # it plays once, as a sample
    samples, rate = _heard(page, desk, EMERGENCY + " cepat")
    assert _is_alarm(samples, rate)
    assert np.abs(samples).max() < 0.5  # one alarm, without the suppressed ones
    expect(page.locator(".toast.bad").last).not_to_contain_text("tanpa bunyi")

    page.get_by_role("button", name="Suara hidup").click()
    expect(page.locator("#sound")).to_have_text("Suara mati")
    expect(page.locator("#sound")).to_have_accessible_description("Tekan untuk menghidupkan suara aduan darurat.")
    expect(page.locator("#sound[aria-pressed]")).to_have_count(0)  # "off, not pressed" would be understood as on
    samples, _ = _heard(page, desk, EMERGENCY + " lekas")
    assert np.sqrt(np.mean(samples**2)) < SILENT
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator("#sound")).to_have_text("Suara mati")
    assert opened.complaints == []


def test_a_browser_without_sound_still_shows_the_emergency(desk: Server, window: Callable[..., Window]) -> None:
    opened = window()
    opened.page.add_init_script("delete window.AudioContext")
    go(opened.page, desk.address)
    expect(opened.page.locator("#connection")).to_have_text("Tersambung")
    expect(opened.page.locator("#sound")).to_be_hidden()
    number = desk.post(EMERGENCY + " di sini")
    expect(opened.page.locator(".toast.bad")).to_contain_text(f"nomor {number}")
    expect(opened.page.locator(".toast.bad")).not_to_contain_text("tanpa bunyi")
    assert opened.complaints == []


def test_any_touch_lets_the_page_sound(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    go(page, desk.address)
    expect(page.locator("#sound")).to_have_text("Suara tertahan")
    page.keyboard.press("j")
    expect(page.locator("#sound")).to_have_text("Suara hidup")
