import { expect, it } from "vitest";
import { checkPeer } from "../../src/cli/check-environment.js";
import { satisfiesCaret } from "../../src/cli/satisfies-caret.js";

it.each([
  ["1.2.3", "^1.2.3", true],
  ["1.10.0", "^1.2.3", true],
  ["1.2.2", "^1.2.3", false],
  ["2.0.0", "^1.2.3", false],
  ["0.2.5", "^0.2.1", true],
  ["0.3.0", "^0.2.1", false],
  ["0.2.0", "^0.2.1", false],
  ["0.0.3", "^0.0.3", true],
  ["0.0.4", "^0.0.3", false],
  ["1.3.0-beta.1", "^1.2.3", true],
])("%s in %s is %s", (version, range, expected) => {
  expect(satisfiesCaret(version, range)).toBe(expected);
});

it.each([
  [undefined, "absent", "for tests"],
  ["1.2.3", "ok", "1.2.3 for tests"],
  ["3.0.0", "failed", "3.0.0 for tests; needs ^1.0.0. Run: npm install peer@^1.0.0"],
])("a package of version %s is %s", (version, status, detail) => {
  expect(checkPeer("peer", "tests", version, "^1.0.0")).toEqual({
    subject: "peer",
    status,
    detail,
  });
});
