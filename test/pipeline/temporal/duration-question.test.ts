import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerDurationQuestion } from "../../../src/pipeline/temporal/answer-duration-question.js";
import { detectDurationQuestion } from "../../../src/pipeline/temporal/duration-question.js";
import { findEventDate } from "../../../src/pipeline/temporal/find-event-date.js";

const memories = [
  { text: "The user went to the museum: MoMA visit", occurredAt: "2023-05-20T02:21:00+00:00" },
  { text: "Cousin's wedding, a family party", occurredAt: "2023-06-15T00:00:00+00:00" },
  { text: "Bought shoes at Nordstrom", occurredAt: "2023-03-01T00:00:00+00:00" },
  { text: "The user wants to see a zebra" },
];

describe("detectDurationQuestion", () => {
  it.each([
    "first, the trip or the move?",
    "earlier: the trip, or the move?",
    "sooner, trip or move",
  ])("tells events apart after %s", (ending) => {
    expect(detectDurationQuestion(`Which event happened ${ending}`)).toEqual({
      operation: "first",
      unit: "days",
      events: ["trip", "move"],
    });
  });

  it("survives any question in time that grows with its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (rest) => {
        detectDurationQuestion(`how many days ago did i ${rest}`);
        detectDurationQuestion(`which 3 events happened from first to last ${rest}`);
      }),
    );
    const started = performance.now();
    for (const part of [" ", '"', ", ", "how many ", "did i "]) {
      detectDurationQuestion(`how many days ago ${part.repeat(200_000)}x`);
      detectDurationQuestion(part.repeat(200_000));
    }
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe("findEventDate", () => {
  it("is not misled by words that say nothing", () => {
    const naive = memories.find(({ text }) => /\bthe\b/i.test(text))?.occurredAt;
    expect(findEventDate("the wedding", memories)).toBe("2023-06-15T00:00:00+00:00");
    expect(findEventDate("the wedding", memories)).not.toBe(naive);
    expect(findEventDate("the", memories)).toBeUndefined();
  });

  it("passes over texts without a date", () => {
    expect(findEventDate("zebra", memories)).toBeUndefined();
  });
});

describe("answerDurationQuestion", () => {
  it.each([
    ["How many weeks passed between MoMA visit and the wedding?", "3 weeks"],
    ["How many days passed between the wedding and MoMA visit?", "25 days"],
    ["How many days have passed since I went to Nordstrom?", "109 days"],
    ["How many months ago did I attend the cousin wedding?", "about 0 weeks"],
    ["Which event happened first, the wedding or the MoMA visit?", "MoMA visit"],
    [
      "Which three events happened in the order from first to last: wedding, MoMA visit, and Nordstrom?",
      "Nordstrom, MoMA visit, wedding",
    ],
  ])("%s %s", (question, expected) => {
    expect(answerDurationQuestion(question, memories, "2023-06-18T12:00:00+00:00")).toBe(expected);
  });

  it.each([
    ["an event that no text has", "How many days ago did I see the comet?", "2023-06-18"],
    ["an event still to come", "How many days ago was the wedding?", "2023-06-01"],
    ["another question", "Who is Alice?", "2023-06-18"],
  ])("does not answer about %s", (_case, question, day) => {
    expect(answerDurationQuestion(question, memories, `${day}T00:00:00+00:00`)).toBeUndefined();
  });

  it("needs a reference date for ago", () => {
    expect(answerDurationQuestion("How many days ago was the wedding?", memories)).toBeUndefined();
  });
});
