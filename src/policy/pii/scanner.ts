/** A stretch of a view, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Takes a span that was found. A long text has many, so they are handed over one by one rather than in an array. */
export type AddSpan = (start: number, end: number) => void;

/** Finds one type of personal data in the text of a `TextView`, in linear time. */
export interface Scanner {
  readonly type: string;
  readonly replacement: string;
  readonly find: (view: string, add: AddSpan) => void;
}
