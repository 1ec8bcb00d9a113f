/** A text of a document in which references were replaced. */
export interface EnvironmentText {
  /** Dotted: `vector_store_config.path`. */
  readonly path: string;
  /** With the references: `${DATABASE}.db`. */
  readonly written: string;
  readonly text: string;
}

/** What a document has from the environment. It may be secret wherever it stands, so nothing here prints it. */
export class EnvironmentValues {
  readonly #writtenByPath: ReadonlyMap<string, string>;
  readonly #texts: ReadonlySet<string>;

  constructor(texts: readonly EnvironmentText[] = []) {
    this.#writtenByPath = new Map(texts.map(({ path, written }) => [path, written]));
    this.#texts = new Set(texts.map(({ text }) => text.trim()));
  }

  /** What the file has at a path, when a reference there was replaced. */
  writtenAt(path: string): string | undefined {
    return this.#writtenByPath.get(path);
  }

  /** A text in quotes, or what it is when it came from the environment. */
  quote(text: string): string {
    return this.#texts.has(text.trim()) ? "(a value from the environment)" : `"${text}"`;
  }

  /** Every one of them, each once. */
  get texts(): readonly string[] {
    return [...this.#texts];
  }

  /** A message about a text; the text is not in it when it came from the environment. */
  conceal(message: string, text: string): string {
    const secret = text.trim();
    if (!this.#texts.has(secret) || secret === "") return message;
    // Who made the message may have written the text in capitals.
    return message
      .split(new RegExp(secret.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&"), "giu"))
      .join("***");
  }
}
