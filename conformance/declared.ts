import assert from "node:assert/strict";
import { assertProvider, type ProtocolName } from "astrocyte";

function isRefusedAs(protocol: ProtocolName, subject: object): boolean {
  try {
    assertProvider(subject, protocol, "the subject");
    return false;
  } catch {
    return true;
  }
}

/** Asserts that a subject says version 1, that one which says nothing is taken for 1, and one which says 2 is refused. */
export function checkSpiVersion(subject: object, protocol: ProtocolName): void {
  assert.ok("spiVersion" in subject && subject.spiVersion === 1, "spiVersion must be 1");
  const silent: object = Object.create(subject, { spiVersion: { value: undefined } });
  assert.ok(!isRefusedAs(protocol, silent), "a missing version must count as 1");
  const later: object = Object.create(subject, { spiVersion: { value: 2 } });
  assert.ok(isRefusedAs(protocol, later), "version 2 must be refused");
}

/** Asserts that a subject has every optional method but those that the target says it lacks. */
export function methodsMatch(
  subject: object,
  optional: readonly string[],
  lacks: readonly string[],
): void {
  const present = optional.filter((name) => typeof Reflect.get(subject, name) === "function");
  assert.deepEqual(
    present,
    optional.filter((name) => !lacks.includes(name)),
    "the optional methods must be those that the target does not list as lacking",
  );
}
