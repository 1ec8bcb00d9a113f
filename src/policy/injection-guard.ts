import { ConfigError } from "../errors.js";
import { foldDisguises, foldLeet } from "./injection-fold.js";
import { injectionRules, type InjectionReason } from "./injection-rules.js";

/** `mark` notes the reasons with the memory, `quarantine` also keeps it out of recall, `off` does not look. */
export type InjectionMode = "off" | "mark" | "quarantine";

/** Why a text is suspect; the last two say how it was hidden. */
export type SuspicionReason = InjectionReason | "hidden_text" | "encoded_payload";

const modes: readonly InjectionMode[] = ["off", "mark", "quarantine"];

const beyondAscii = /[^\0-\u007f]/u;
const tagRuns = /[\u{e0020}-\u{e007e}]+/gu;
/** The flags of England, Scotland and Wales are a black flag with tags behind it. */
const tagFlags = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}/gu;
const hidden = new RegExp(
  [
    "[\\u{e0000}-\\u{e007f}]",
    // Overrides of direction; marks and isolates are ordinary in Arabic and Hebrew.
    "[\\u202d\\u202e]",
    // A run of invisible characters carries bits, a single one joins letters or emoji.
    "[\\u200b-\\u200d\\u2060-\\u2064\\ufeff]{4}",
    "[\\u{e0100}-\\u{e01ef}]{2}|[\\ufe00-\\ufe0e][\\ufe00-\\ufe0f]",
    "[a-zA-Z][\\u200b-\\u200d\\u2060-\\u2064\\ufeff\\u00ad\\u180e][a-zA-Z].{0,8}[a-zA-Z]?[\\u200b-\\u200d\\u2060-\\u2064\\ufeff\\u00ad\\u180e][a-zA-Z]",
  ].join("|"),
  "u",
);
const base64Runs = /[A-Za-z0-9+/_-]{24,}={0,2}/gu;
const hexRuns = /(?:[0-9a-fA-F]{2}[ :]?){16,}/gu;
const printable = /^[\t\n\r -~]{12,}$/u;
/** Longer blobs are looked at up to here, so that pictures cost little. */
const maxEncodedLength = 8192;

/** The text that Unicode tag characters spell, which models read and people do not see. */
function tagText(text: string): string {
  return [...text.matchAll(tagRuns)]
    .map(([run]) =>
      run.replaceAll(/./gsu, (tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000)),
    )
    .join(" ");
}

/** What blobs of base64 or hexadecimal digits say, when that is plain text. */
function decodedTexts(text: string): string[] {
  const base64 = [...text.matchAll(base64Runs)].map(([run]) =>
    Buffer.from(run.slice(0, maxEncodedLength), "base64").toString("latin1"),
  );
  const hex = [...text.matchAll(hexRuns)].map(([run]) =>
    Buffer.from(run.slice(0, maxEncodedLength).replaceAll(/[ :]/gu, ""), "hex").toString("latin1"),
  );
  return [...base64, ...hex].filter((decoded) => printable.test(decoded));
}

function matchRules(text: string): InjectionReason[] {
  const folded = foldDisguises(text);
  const spelled = foldLeet(folded);
  return injectionRules
    .filter(([, rule]) => rule.test(folded) || (spelled !== folded && rule.test(spelled)))
    .map(([reason]) => reason);
}

/**
 * Finds texts that read like orders to a model rather than like facts. It looks through invisible characters, look-alike
 * letters, full-width forms, spaced letters, digits for letters, tag characters, base64 and hexadecimal digits.
 *
 * Its rules know common phrasings, mostly English; an attack in other words passes. It is one layer: what recall returns is
 * untrusted whatever it says.
 */
export class InjectionGuard {
  readonly mode: InjectionMode;

  /** @throws ConfigError for an unknown mode. */
  constructor({ mode = "mark" }: { readonly mode?: InjectionMode | undefined } = {}) {
    if (!modes.includes(mode)) {
      throw new ConfigError(
        `barriers.prompt_injection.mode: "${mode}" is unknown; one of ${modes.join(", ")}`,
      );
    }
    this.mode = mode;
  }

  /** The reasons why a text is suspect, each once; none under `off`. Linear in the text. */
  inspect(text: string): SuspicionReason[] {
    if (this.mode === "off") return [];
    const reasons = new Set<SuspicionReason>(matchRules(text));
    if (beyondAscii.test(text)) {
      const visible = text.replaceAll(tagFlags, "");
      if (hidden.test(visible)) reasons.add("hidden_text");
      for (const reason of matchRules(tagText(visible))) reasons.add(reason);
    }
    for (const decoded of decodedTexts(text)) {
      const found = matchRules(decoded);
      if (found.length > 0) reasons.add("encoded_payload");
      for (const reason of found) reasons.add(reason);
    }
    return [...reasons];
  }
}
