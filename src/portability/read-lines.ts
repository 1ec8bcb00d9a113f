import { InvalidArgumentError } from "../errors.js";

/** The pieces of a text or of its UTF-8 bytes, as a file, a response or an export gives them. */
export type TextSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** @throws InvalidArgumentError for what gives no pieces. */
export function assertTextSource(source: TextSource): void {
  const isSource =
    typeof source === "object" &&
    source !== null &&
    (Symbol.asyncIterator in source || Symbol.iterator in source);
  if (isSource) return;
  throw new InvalidArgumentError(
    "importBank: expected the pieces of a file, such as createReadStream(path) or [text]",
  );
}

const maxLineLength = 64 * 1024 * 1024;

/** The lines of a text, without their ends; no more than one line is held at a time. */
export async function* readLines(source: TextSource): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw new InvalidArgumentError("AMA files are UTF-8 text; this one holds other bytes");
    }
  };
  // Pieces of one line are joined once, so that a long line costs no more than its length.
  let pending: string[] = [];
  let pendingLength = 0;
  for await (const piece of source) {
    const [first = "", ...others] = (typeof piece === "string" ? piece : decode(piece)).split("\n");
    pending.push(first);
    pendingLength += first.length;
    if (pendingLength > maxLineLength) {
      throw new InvalidArgumentError(
        `AMA files hold one memory a line; a line of more than ${maxLineLength} characters is none`,
      );
    }
    for (const next of others) {
      yield pending.join("").replace(/\r$/, "");
      pending = [next];
      pendingLength = next.length;
    }
  }
  pending.push(decode());
  const last = pending.join("").replace(/\r$/, "");
  if (last !== "") yield last;
}
