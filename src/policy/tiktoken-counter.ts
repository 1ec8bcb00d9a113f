import { ConfigError } from "../errors.js";
import { bytePairCount, type BytePairRanks } from "../internal/byte-pair-count.js";
import { upperBoundTokenCount, type TokenCounter } from "./tokens.js";

/** The encodings of OpenAI's models: GPT-3.5 and GPT-4; GPT-4o and later. */
export type TiktokenEncoding = "cl100k_base" | "o200k_base";

/** An encoding as js-tiktoken stores it. */
interface StoredEncoding {
  /** How text is cut into pieces that are encoded one by one. */
  readonly pat_str: string;
  /** Lines of `! <first rank> <token in base64> …`. */
  readonly bpe_ranks: string;
}

/** In UTF-16 code units; the regular expression engine would run out of stack on one piece of some tens of millions. */
const maxExactLength = 1_000_000;

async function loadEncoding(encoding: TiktokenEncoding): Promise<StoredEncoding> {
  switch (encoding) {
    case "cl100k_base":
      return (await import("js-tiktoken/ranks/cl100k_base")).default;
    case "o200k_base":
      return (await import("js-tiktoken/ranks/o200k_base")).default;
    default:
      throw new ConfigError(
        `Unknown token encoding '${String(encoding satisfies never)}'; known are cl100k_base and o200k_base`,
      );
  }
}

function ranksOf({ bpe_ranks: lines }: StoredEncoding): BytePairRanks {
  const ranks = new Map<string, number>();
  for (const line of lines.split("\n")) {
    const [, first, ...tokens] = line.split(" ");
    for (const [index, token] of tokens.entries()) {
      ranks.set(Buffer.from(token, "base64").toString("latin1"), Number(first) + index);
    }
  }
  return ranks;
}

/** `\s` of the original is the Unicode property, that of JavaScript is not: they differ in U+0085 and U+FEFF. */
function splitterOf({ pat_str: pattern }: StoredEncoding): RegExp {
  const unicode = pattern
    .replaceAll("\\s", "\\p{White_Space}")
    .replaceAll("\\S", "\\P{White_Space}");
  return new RegExp(unicode, "gu");
}

/**
 * Loads an exact token counter, from the package `js-tiktoken` and without a network. Loading takes some 100 ms and some
 * tens of megabytes; keep the counter.
 *
 * The counter gives what `tiktoken` gives, at least 1. Names of special tokens count as the text they are, half a
 * surrogate pair as U+FFFD, and no text throws. Its time grows with the length whatever the text; beyond a million
 * UTF-16 code units it answers with {@link upperBoundTokenCount}.
 *
 * @throws ConfigError when there is no such encoding.
 */
export async function loadTiktokenCounter(encoding: TiktokenEncoding): Promise<TokenCounter> {
  const stored = await loadEncoding(encoding);
  const ranks = ranksOf(stored);
  const splitter = splitterOf(stored);
  return (text) => {
    if (text.length > maxExactLength) return upperBoundTokenCount(text);
    let count = 0;
    for (const [piece] of text.matchAll(splitter)) {
      count += bytePairCount(Buffer.from(piece).toString("latin1"), ranks);
    }
    return Math.max(1, count);
  };
}
