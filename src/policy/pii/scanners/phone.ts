import type { Scanner } from "../scanner.js";
import { findPattern, anySeparator } from "./pattern.js";

/** North American numbers. Without boundaries: any ten digits in a row are one. */
const phone = new RegExp(
  `(?:\\+?1${anySeparator}?)?\\(?\\d{3}\\)?${anySeparator}?\\d{3}${anySeparator}?\\d{4}`,
  "g",
);

export const phoneScanner: Scanner = {
  type: "phone",
  replacement: "[PHONE_REDACTED]",
  find: (view, add) => findPattern(view, phone, add),
};
