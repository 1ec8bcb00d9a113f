import { isSameError } from "./same-error.js";

/** Recorded numbers are rounded to 1e-9. */
const tolerance = 2e-9;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function isSameNumber(actual: number, expected: number): boolean {
  return Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance;
}

function isErrorOf(actual: unknown, expected: Record<string, unknown>): boolean {
  return typeof expected["class"] === "string" && isSameError(actual, expected["class"]);
}

/**
 * Where and how an actual value differs from a recorded one, or undefined. Numbers may differ by rounding, null and absent
 * are the same in records, and errors compare by class.
 *
 * @param except - Paths such as `results[1].score` that are left out.
 */
export function findDifference(
  actual: unknown,
  expected: unknown,
  except: readonly string[] = [],
  at = "",
): string | undefined {
  if (except.includes(at)) return undefined;
  const differs = () => `${at || "value"}: expected ${show(expected)}, got ${show(actual)}`;
  if (typeof actual === "number" && typeof expected === "number") {
    return isSameNumber(actual, expected) ? undefined : differs();
  }
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) return differs();
    for (const [index, item] of expected.entries()) {
      const difference = findDifference(actual[index], item, except, `${at}[${index}]`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (actual instanceof Error) {
    return isObject(expected) && isErrorOf(actual, expected) ? undefined : differs();
  }
  if (isObject(actual) && isObject(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const difference = findDifference(
        Object.hasOwn(actual, key) ? actual[key] : undefined,
        Object.hasOwn(expected, key) ? expected[key] : undefined,
        except,
        at === "" ? key : `${at}.${key}`,
      );
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return (actual ?? null) === (expected ?? null) ? undefined : differs();
}
