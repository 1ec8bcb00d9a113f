/** One detected span. Offsets are Unicode code points, `end` exclusive. */
export interface PiiMatch {
  /** What was found, such as `email` or `uk_nino`; the name of a custom pattern. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The original slice, disguises included. */
  readonly text: string;
  /** The label that takes its place, such as `[EMAIL_REDACTED]`. */
  readonly replacement: string;
}
