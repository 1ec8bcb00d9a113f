/** One detected span. Offsets are Unicode code points, `end` exclusive. */
export interface PiiMatch {
  /** What was found, such as `email`; the type of a country pack carries its code (`uk_nino`), that of a custom pattern its name. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The original slice, disguises included. */
  readonly text: string;
  /** The label that takes its place, such as `[EMAIL_REDACTED]`. */
  readonly replacement: string;
}
