import { expect, it } from "vitest";
import { RecentVectors } from "../../../adapters/local/recent-vectors.js";

it("drops what was used longest ago", () => {
  const recent = new RecentVectors(2);
  recent.set("a", [1]);
  recent.set("b", [2]);
  recent.get("a");
  recent.set("c", [3]);
  expect(["a", "b", "c"].map((key) => recent.get(key))).toEqual([[1], undefined, [3]]);
});

it("holds nothing with capacity 0", () => {
  const recent = new RecentVectors(0);
  recent.set("a", [1]);
  expect(recent.get("a")).toBeUndefined();
});
