import { describe, expect, it } from "vitest";
import { orderTies } from "../../src/pipeline/recall/order-ties.js";
import { postFilter } from "../../src/pipeline/recall/post-filter.js";

const candidate = (id: string, score: number, fields: object = {}) => ({
  id,
  text: id,
  score,
  ...fields,
});

const day = (n: number) => ({ occurredAt: `2026-05-0${n}T00:00:00+00:00` });

describe("orderTies", () => {
  it("puts the newer first among equals, undated ones last, and leaves the order of scores alone", () => {
    const given = [
      candidate("best and oldest", 0.9, day(1)),
      candidate("undated", 0.5),
      candidate("older", 0.5, day(2)),
      candidate("newer", 0.5, day(3)),
      candidate("retained only", 0.5, { retainedAt: "2026-05-02T12:00:00+00:00" }),
    ];
    const ordered = ["best and oldest", "newer", "retained only", "older", "undated"];
    expect(orderTies(given).map(({ id }) => id)).toEqual(ordered);
    expect(orderTies(given.toReversed()).map(({ id }) => id)).toEqual(ordered);
  });
});

describe("PIPE-11: postFilter", () => {
  it("lets nothing through that a filter excludes, whoever found it", () => {
    const fused = [candidate("kept", 1, { tags: ["a"] }), candidate("untagged", 1)].map((item) => ({
      item,
      fusedScore: 1,
      foundBy: ["semantic"],
    }));
    expect(postFilter(fused, { tags: ["a"] }, false).map(({ item }) => item.id)).toEqual(["kept"]);
    expect(postFilter(fused, {}, false)).toHaveLength(2);
  });
});
