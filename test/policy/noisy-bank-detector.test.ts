import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { NoisyBankDetector } from "../../src/policy/noisy-bank-detector.js";

const minuteMs = 60_000;

function createDetector(options = {}) {
  const time = { ms: 0 };
  const clock = { now: () => Number.NaN, monotonic: () => time.ms };
  const detector = new NoisyBankDetector({ clock, ...options });
  const retain = (count: number, contentLength = 100, deduplicated = false) => {
    for (let index = 0; index < count; index += 1) {
      detector.record("b", { contentLength, deduplicated });
    }
  };
  return { detector, retain, time };
}

describe("NoisyBankDetector", () => {
  it("judges nothing before the least number of retains", () => {
    const { detector, retain } = createDetector();
    retain(19, 1, true);
    expect(detector.assess("b").reasons).toEqual([]);
    retain(1, 1, true);
    expect(detector.assess("b").reasons).toEqual(["short_content", "duplicates"]);
  });

  it("reports a spike only above the multiple of the mean of the minutes before", () => {
    const { detector, retain, time } = createDetector();
    for (let minute = 0; minute < 10; minute += 1) {
      time.ms = minute * minuteMs;
      retain(4);
    }
    time.ms = 10 * minuteMs;
    retain(20);
    expect(detector.assess("b").noisy).toBe(false);
    retain(1);
    expect(detector.assess("b").reasons).toEqual(["retain_spike"]);
  });

  it("counts empty minutes, and a mean below one as one", () => {
    const { detector, retain, time } = createDetector();
    retain(20);
    time.ms = 50 * minuteMs;
    retain(5);
    expect(detector.assess("b").noisy).toBe(false);
    retain(1);
    expect(detector.assess("b").reasons).toEqual(["retain_spike"]);
  });

  it("takes the first minute of a bank for no spike", () => {
    const { detector, retain } = createDetector();
    retain(10_000);
    expect(detector.assess("b").noisy).toBe(false);
  });

  it("stays below its limits at their exact values", () => {
    const { detector, retain } = createDetector({ minSamples: 5 });
    retain(4, 20, true);
    retain(1, 20, false);
    expect(detector.assess("b").reasons).toEqual([]);
  });

  it("forgets what is an hour old", () => {
    const { detector, retain, time } = createDetector();
    retain(50, 1);
    time.ms = 60 * minuteMs;
    expect(detector.assess("b").noisy).toBe(false);
    time.ms = 59 * minuteMs;
    expect(detector.assess("b").noisy).toBe(true);
  });

  it("says when the judgement changes, once", () => {
    const { detector, retain } = createDetector();
    expect(detector.assess("b")).toEqual({ noisy: false, changed: false, reasons: [] });
    retain(20, 1);
    expect(detector.assess("b")).toMatchObject({ noisy: true, changed: true });
    expect(detector.assess("b")).toMatchObject({ noisy: true, changed: false });
    retain(500, 1000);
    expect(detector.assess("b")).toMatchObject({ noisy: false, changed: true });
  });

  it("keeps banks apart, and a bounded number of them", () => {
    const { detector, retain } = createDetector();
    retain(20, 1);
    expect(detector.assess("other").noisy).toBe(false);
    for (let index = 0; index < 10_005; index += 1) {
      detector.record(`bank-${index}`, { contentLength: 1, deduplicated: false });
      if (index === 5000) detector.record("b", { contentLength: 1, deduplicated: false });
    }
    expect(detector.bankCount).toBe(10_000);
    expect(detector.assess("b").noisy).toBe(true);
    detector.reset();
    expect(detector.bankCount).toBe(0);
  });

  it.each([
    ["retainSpikeMultiplier", 0, "retain_spike_multiplier"],
    ["minAvgContentLength", -1, "min_avg_content_length"],
    ["maxDedupRate", 1.5, "max_dedup_rate"],
    ["maxDedupRate", Number.NaN, "max_dedup_rate"],
    ["minSamples", 0, "min_samples"],
  ])("refuses %s of %d by name", (key, value, name) => {
    const create = () => new NoisyBankDetector({ [key]: value });
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(name);
  });

  it.each([
    ["short contents", 1, false],
    ["duplicates", 100, true],
  ])("frees a bank a minute after %s, and judges it by what comes then", (_name, length, dup) => {
    const { detector, retain, time } = createDetector();
    retain(200, length, dup);
    expect(detector.assess("b")).toMatchObject({ noisy: true, changed: true });
    // Kept from retaining, it could never improve what led to the verdict.
    time.ms = minuteMs - 1;
    expect(detector.assess("b").noisy).toBe(true);
    time.ms = minuteMs;
    expect(detector.assess("b")).toEqual({ noisy: false, changed: false, reasons: [] });
    retain(1, 100, false);
    expect(detector.assess("b")).toEqual({ noisy: false, changed: true, reasons: [] });
    retain(5, 1, true);
    expect(detector.assess("b").noisy).toBe(false);
  });

  it("takes a bank that goes on as before for noisy again, and as no news", () => {
    const { detector, retain, time } = createDetector();
    retain(20, 1);
    detector.assess("b");
    time.ms = minuteMs;
    expect(detector.assess("b").noisy).toBe(false);
    retain(1, 1);
    expect(detector.assess("b")).toEqual({
      noisy: true,
      changed: false,
      reasons: ["short_content"],
    });
    time.ms = 2 * minuteMs - 1;
    expect(detector.assess("b").noisy).toBe(true);
  });
});
