/** Where a command's text comes from and goes. */
export interface Terminal {
  write(text: string): void;
  writeError(text: string): void;
  /** Writes as it is, no faster than it is taken. */
  writeAll(pieces: AsyncIterable<string>): Promise<void>;
  /** What is piped in. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Whether a line of `writeError` can be written over. */
  readonly isInteractive: boolean;
}

/** What would move a terminal's cursor, or turn the direction of the text around it. */
const controls = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Whole and in order. */
export function printable(text: string): string {
  return text.replace(controls, " ");
}

/** The same for JSON, which stays what it was. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2).replace(controls, (character) =>
    // A character beyond the first plane is two units.
    Array.from(
      { length: character.length },
      (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
