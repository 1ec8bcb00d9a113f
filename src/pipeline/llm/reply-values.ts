import { isRecord } from "../../dto/is-record.js";
import { trim } from "../../internal/whitespace.js";

/** Text of a reply, trimmed and well-formed Unicode without NUL; `undefined` when it is no text or blank. */
export function readText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = trim(value.replace(/\p{Surrogate}/gu, "\uFFFD").replaceAll("\0", "\uFFFD"));
  return text === "" ? undefined : text;
}

/** A finite number, also one that is written as text. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && trim(value) !== "" ? Number(trim(value)) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A number brought into `[0, 1]`. */
export function readShare(value: unknown): number | undefined {
  const number = readNumber(value);
  return number === undefined ? undefined : Math.min(1, Math.max(0, number));
}

/** An index into a list, without its fraction. */
export function readIndex(value: unknown): number | undefined {
  const number = readNumber(value);
  const index = number === undefined ? undefined : Math.trunc(number);
  return index !== undefined && Number.isSafeInteger(index) && index >= 0 ? index : undefined;
}

/** The texts of a list, without those that are none. */
export function readTexts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map(readText).filter((text) => text !== undefined);
}

/** The objects of a list, without anything else that is in it. */
export function readRecords(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
