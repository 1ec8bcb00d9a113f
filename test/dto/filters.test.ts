import { matchesFilters, type Filterable, type VectorFilters } from "astrocyte";
import { describe, expect, it } from "vitest";

const day = (date: number): string => `2026-01-${String(date).padStart(2, "0")}T00:00:00+00:00`;

const memory: Filterable = {
  bankId: "bank",
  tags: ["pref", "Tea"],
  factType: "world",
  occurredAt: day(10),
  retainedAt: day(20),
  metadata: { session_id: "s1", level: 2, flag: false, gone: null },
};
const bare: Filterable = {};

describe("matchesFilters", () => {
  it.each<[rule: string, memory: Filterable, filters: VectorFilters | undefined, matches: boolean]>(
    [
      ["no filters let everything through", bare, undefined, true],
      ["empty filters let everything through", bare, {}, true],

      ["the same bank", memory, { bankId: "bank" }, true],
      ["another bank", memory, { bankId: "other" }, false],
      ["a memory that does not know its bank", bare, { bankId: "bank" }, true],

      ["one tag in common is enough", memory, { tags: ["pref", "other"] }, true],
      ["no tag in common", memory, { tags: ["other"] }, false],
      ["tags are case-sensitive", memory, { tags: ["tea"] }, false],
      ["a tag is no substring", memory, { tags: ["pre"] }, false],
      ["an untagged memory never matches a tag", bare, { tags: ["pref"] }, false],
      ["an empty tag list of the memory never matches", { tags: [] }, { tags: ["pref"] }, false],
      ["an empty tag list is no filter", bare, { tags: [] }, true],

      ["the fact type is in the list", memory, { factTypes: ["wiki", "world"] }, true],
      ["the fact type is not in the list", memory, { factTypes: ["wiki"] }, false],
      ["an untyped memory never matches a fact type", bare, { factTypes: ["world"] }, false],
      ["an empty fact type list is no filter", bare, { factTypes: [] }, true],

      ["within the time range", memory, { timeRange: [day(9), day(11)] }, true],
      ["the start is included", memory, { timeRange: [day(10), day(11)] }, true],
      ["the end is included", memory, { timeRange: [day(9), day(10)] }, true],
      ["before the time range", memory, { timeRange: [day(11), day(12)] }, false],
      ["after the time range", memory, { timeRange: [day(8), day(9)] }, false],
      ["a reversed time range matches nothing", memory, { timeRange: [day(11), day(9)] }, false],
      ["an undated memory is outside every range", bare, { timeRange: [day(1), day(31)] }, false],
      [
        "the range looks at when it happened, not when it was retained",
        { retainedAt: day(10) },
        { timeRange: [day(9), day(11)] },
        false,
      ],
      [
        "a fraction after a whole second is later",
        { occurredAt: "2026-01-10T00:00:00.000001+00:00" },
        { timeRange: [day(9), day(10)] },
        false,
      ],

      ["retained before asOf", memory, { asOf: day(21) }, true],
      ["retained at asOf", memory, { asOf: day(20) }, true],
      ["retained after asOf", memory, { asOf: day(19) }, false],
      ["a memory without retainedAt passes asOf", bare, { asOf: day(1) }, true],

      ["the same session", memory, { sessionId: "s1" }, true],
      ["another session", memory, { sessionId: "s2" }, false],
      ["a memory without session", bare, { sessionId: "s1" }, false],
      ["a session id is text", { metadata: { session_id: 1 } }, { sessionId: "1" }, false],

      [
        "every listed metadata key is equal",
        memory,
        { metadataFilters: { level: 2, flag: false } },
        true,
      ],
      ["one metadata key differs", memory, { metadataFilters: { level: 2, flag: true } }, false],
      ["metadata values keep their kind", memory, { metadataFilters: { level: "2" } }, false],
      ["a null value must be there", memory, { metadataFilters: { gone: null } }, true],
      ["an absent key is not null", memory, { metadataFilters: { absent: null } }, false],
      ["inherited names are no keys", memory, { metadataFilters: { constructor: "x" } }, false],
      ["no metadata filters", bare, { metadataFilters: {} }, true],
      ["metadata filters on a memory without metadata", bare, { metadataFilters: { a: 1 } }, false],

      [
        "all parts hold",
        memory,
        { tags: ["pref"], factTypes: ["world"], asOf: day(25), sessionId: "s1" },
        true,
      ],
      ["one part of several fails", memory, { tags: ["pref"], factTypes: ["wiki"] }, false],
    ],
  )("%s", (_rule, candidate, filters, matches) => {
    expect(matchesFilters(candidate, filters)).toBe(matches);
  });
});
