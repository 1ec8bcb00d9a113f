import * as z from "zod";
import type { ReplayedStep } from "../replay.js";
import type { Rule } from "./rule.js";
import { settingOf } from "./settings.js";

const withMetadata = z.looseObject({ metadata: z.record(z.string(), z.unknown()).optional() });
const recalledSchema = z.looseObject({ hits: z.array(withMetadata) });
const retainSchema = z.looseObject({
  op: z.literal("retain"),
  metadata: z.record(z.string(), z.unknown()),
});

type Entries = Record<string, unknown>;

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function metadataOf({ step }: ReplayedStep): Entries {
  const parsed = retainSchema.safeParse(step);
  return parsed.success ? parsed.data.metadata : {};
}

function keep(metadata: Entries, isKept: (key: string, value: unknown) => boolean) {
  const entries = Object.entries(metadata).filter(([key, value]) => isKept(key, value));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Applies a change to the metadata of every memory in a result. */
function changeMetadata(
  result: unknown,
  isKept: (key: string, value: unknown) => boolean,
): unknown {
  const change = ({ metadata = {}, ...item }: z.infer<typeof withMetadata>) => ({
    ...item,
    metadata: keep(metadata, isKept),
  });
  const recalled = recalledSchema.safeParse(result);
  if (recalled.success) return { ...recalled.data, hits: recalled.data.hits.map(change) };
  const listed = z.array(withMetadata).safeParse(result);
  return listed.success ? listed.data.map(change) : result;
}

/** Metadata with values that are no scalars is refused; the script goes on with its flat part. */
export const flatMetadataOnly: Rule = ({ steps, replayed }, { actual, expected }) => {
  const isAsked = steps.some((step) => Object.values(metadataOf(step)).some(isNested));
  if (!isAsked) return undefined;
  const isRefused = Object.values(metadataOf(replayed)).some(isNested);
  const kept = changeMetadata(expected.result, (_key, value) => !isNested(value));
  const result =
    isRefused && isNested(kept)
      ? Object.assign({}, kept, { whole: { class: "ValueError" } })
      : kept;
  return {
    actual,
    expected: { ...expected, result },
    reason: "01: metadata is flat; what is not is refused",
  };
};

/** The caller's keys that begin with `_` are left out. */
export const reservedKeys: Rule = ({ steps }, { actual, expected }) => {
  const reserved = new Set(
    steps.flatMap((step) => Object.keys(metadataOf(step)).filter((key) => key.startsWith("_"))),
  );
  if (reserved.size === 0) return undefined;
  return {
    actual,
    expected: { ...expected, result: changeMetadata(expected.result, (key) => !reserved.has(key)) },
    reason: "D-06: the caller's metadata that begins with _ is left out",
  };
};

const blockedSchema = z.array(z.string());
const storedSchema = z.looseObject({ memory_id: z.string() });

function isBlocked(key: string, blockedKeys: readonly string[]): boolean {
  const delimited = `.${key.toLowerCase().replaceAll(/[_-]/g, ".")}.`;
  return blockedKeys.some((blocked) =>
    delimited.includes(`.${blocked.toLowerCase().replaceAll(/[_-]/g, ".")}.`),
  );
}

/** An empty list of blocked keys blocks nothing, and one in capitals blocks all the same; the reference reads neither. */
export const blockedAsListed: Rule = ({ scenario, steps, replayed }, { actual, expected }) => {
  const listed = blockedSchema.safeParse(settingOf(scenario, "barriers.metadata.blocked_keys"));
  if (!listed.success || replayed.step.op !== "vectors") return undefined;
  const differs = listed.data.length === 0 || listed.data.some((key) => key !== key.toLowerCase());
  const items = z.array(z.looseObject({ id: z.string() })).safeParse(expected.result);
  if (!differs || !items.success) return undefined;
  const due = new Map<string, Entries | undefined>();
  for (const step of steps) {
    const stored = storedSchema.safeParse(step.recorded.result);
    if (!stored.success) continue;
    due.set(
      stored.data.memory_id,
      keep(metadataOf(step), (key) => !isBlocked(key, listed.data)),
    );
  }
  const result = items.data.map((item) => ({ ...item, metadata: due.get(item.id) }));
  return {
    actual,
    expected: { ...expected, result },
    reason: "04 section 5: the list of blocked keys is taken as it stands, in any case",
  };
};

const secretWord =
  /(?:^|_)(?:api_?keys?|passwords?|passwd|pwd|passphrase|tokens?(?<!tokens)|secrets?|authorization|bearer|credentials?|(?:access|private)_?key|client_?secret)(?:_|$)/;

/** A key that names a secret once camel case, other separators and disguises are read. */
function namesSecret(key: string): boolean {
  const words = key
    .normalize("NFKC")
    .replaceAll(/[\p{C}\p{M}]/gu, "")
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3_$2")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_");
  return secretWord.test(words);
}

/** Keys that name a secret in another spelling than the contract's are left out too, while the list is the default one. */
export const secretsInAnySpelling: Rule = ({ scenario, steps }, { actual, expected }) => {
  if (settingOf(scenario, "barriers.metadata.blocked_keys") !== undefined) return undefined;
  const named = new Set(steps.flatMap((step) => Object.keys(metadataOf(step)).filter(namesSecret)));
  if (named.size === 0) return undefined;
  return {
    actual,
    expected: { ...expected, result: changeMetadata(expected.result, (key) => !named.has(key)) },
    reason: "04 section 5: names of secrets are read in camel case and in disguise",
  };
};
