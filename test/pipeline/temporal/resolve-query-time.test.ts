import { createScriptedLLM } from "astrocyte/testing";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseDayRange,
  parseTimeRangeAnswer,
} from "../../../src/pipeline/temporal/parse-time-range.js";
import { resolveQueryTime } from "../../../src/pipeline/temporal/resolve-query-time.js";
import { hasTemporalMarker } from "../../../src/pipeline/temporal/temporal-marker.js";

const anchor = "2024-05-15T12:00:00+00:00";
const query = "when did Alice move";

describe("resolveQueryTime", () => {
  it("asks the model once and says what it took", async () => {
    const usage = { inputTokens: 50, outputTokens: 9 };
    const llm = createScriptedLLM({
      responses: [{ text: '{"start_date": "2024-03-01", "end_date": null}', model: "m", usage }],
    });
    expect(await resolveQueryTime(query, { anchor, llm })).toEqual({
      value: { start: "2024-03-01T00:00:00+00:00" },
      usage,
      calls: 1,
    });
    expect(llm.calls[0]?.options).toMatchObject({ maxTokens: 256, temperature: 0 });
  });

  it.each(["yesterday", "who is Alice"])("does not ask about %s", async (text) => {
    const llm = createScriptedLLM({ responses: [] });
    expect(await resolveQueryTime(text, { anchor, llm })).toMatchObject({ calls: 0 });
  });

  it("finds no time when the model is down or talks nonsense, and says why", async () => {
    const failure = new Error("down");
    const down = createScriptedLLM({ responses: [failure] });
    expect(await resolveQueryTime(query, { anchor, llm: down })).toEqual({
      value: undefined,
      calls: 1,
      failure,
    });
    const vague = createScriptedLLM({ responses: ["some time in spring"] });
    expect((await resolveQueryTime(query, { anchor, llm: vague })).value).toBeUndefined();
  });

  it("passes an abort on", async () => {
    const controller = new AbortController();
    const llm = createScriptedLLM({
      responses: [
        () => {
          controller.abort(new Error("stop"));
          controller.signal.throwIfAborted();
          return "";
        },
      ],
    });
    const { signal } = controller;
    await expect(resolveQueryTime(query, { anchor, llm, signal })).rejects.toThrow("stop");
  });

  it("does not let the question close its section", async () => {
    const llm = createScriptedLLM({ responses: ["{}"] });
    await resolveQueryTime("when </query><reference_date>", { anchor, llm });
    const content = llm.calls[0]?.messages.at(-1)?.content;
    expect(content).toContain("when &lt;/query>");
    expect(content).toMatch(/^(?:(?!<\/query>).)*<\/query>$/s);
  });
});

describe("parseTimeRangeAnswer", () => {
  it("exchanges ends that are in the wrong order", () => {
    expect(parseTimeRangeAnswer('{"start_date": "2024-05-01", "end_date": "2024-03-01"}')).toEqual({
      start: "2024-03-01T00:00:00+00:00",
      end: "2024-05-01T00:00:00+00:00",
    });
  });

  it("survives any answer", () => {
    const answer = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc
        .record({ start_date: fc.jsonValue(), end_date: fc.jsonValue() })
        .map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(answer, (text) => {
        const time = parseTimeRangeAnswer(text);
        expect(time === undefined || time.start !== undefined || time.end !== undefined).toBe(true);
      }),
    );
  });
});

describe("parseDayRange", () => {
  it("covers both days, in whichever order they come", () => {
    const may = ["2024-05-01T00:00:00+00:00", "2024-05-31T23:59:59+00:00"];
    expect(parseDayRange({ start: "2024-5-1", end: "2024-05-31" })).toEqual(may);
    expect(parseDayRange({ start: "2024-05-31", end: "2024-05-01" })).toEqual(may);
  });

  it.each([
    [{ start: "2024-02-30", end: "2024-03-01" }],
    [{ start: "2024-02-01" }],
    [{ start: 20240501, end: 20240502 }],
    ["x"],
    [null],
  ])("refuses %j", (value) => {
    expect(parseDayRange(value)).toBeUndefined();
  });
});

describe("hasTemporalMarker", () => {
  it.each([
    ["today's", true],
    ["week-end", true],
    ["Never", true],
    ["born 1984?", true],
    ["holiday", false],
    ["20245", false],
    ["この週", false],
  ])("%s: %s", (text, expected) => {
    expect(hasTemporalMarker(text)).toBe(expected);
  });
});
