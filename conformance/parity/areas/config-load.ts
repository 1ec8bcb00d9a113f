import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { readConfig } from "astrocyte";
import * as z from "zod";
import { Corrected, outcomeOf, Projection, type AreaRunner } from "../area-runner.js";
import { findDifference } from "../find-difference.js";
import { isMap, readWritten, writtenAt, type Written } from "./config-load/read-written.js";
import { rulingFor } from "./config-load/rulings.js";

const inputSchema = z.object({
  /** Without one there is no file. */
  yaml: z.string().nullish(),
  env: z.record(z.string(), z.string()).default({}),
});

/** Keys that this library has and the contract has not. */
const extensions = new Set([
  "homeostasis.tokenizer",
  "barriers.pii.phone_regions",
  "barriers.pii.scan_metadata",
  "barriers.pii.scan_tags",
  "barriers.pii.pii_llm_failure",
  "barriers.prompt_injection",
  "signal_quality.dedup.check_store",
  "access_control.allow_principal_prefixes",
]);

function hasReveal(value: unknown): value is { reveal(): unknown } {
  return isMap(value) && "reveal" in value && typeof value["reveal"] === "function";
}

/** Sections whose entries count also where they say nothing. */
const mapsOfEntries = new Set(["banks", "agents", "sources", "extraction_profiles"]);

/**
 * A configuration in the form of the recordings: secrets revealed, without extensions, and with nothing where a value is null or
 * an empty list, map or name. The reference has null there, and they mean the same.
 */
function toRecorded(value: unknown, path = ""): unknown {
  if (hasReveal(value)) return value.reveal();
  if (value === null || value === "" || (Array.isArray(value) && value.length === 0)) {
    return undefined;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => toRecorded(item, `${path}[]`));
  if (!isMap(value)) return value;
  const inBank = path.replace(/^banks\.[^.]*\.?/, "");
  const entries = Object.entries(value)
    .filter(([key]) => !extensions.has(inBank === "" ? key : `${inBank}.${key}`))
    .map(([key, item]) => [key, toRecorded(item, path === "" ? key : `${path}.${key}`)] as const)
    .filter(([, item]) => item !== undefined);
  const isEntry = mapsOfEntries.has(path.split(".").slice(0, -1).join("."));
  return entries.length > 0 || isEntry ? Object.fromEntries(entries) : undefined;
}

/** Only what differs from a configuration that says nothing; sections without defaults count as a whole. */
function differing(value: unknown, usual: unknown): unknown {
  if (!isMap(value) || !isMap(usual)) return value;
  const entries = Object.entries(value)
    .filter(([key, item]) => !isDeepStrictEqual(item, usual[key]))
    .map(([key, item]) => [key, differing(item, usual[key])] as const)
    .filter(([, item]) => !isMap(item) || Object.keys(item).length > 0);
  return Object.fromEntries(entries);
}

const silent = { logger: { warn: () => undefined } };

async function configOf(
  text: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), "astrocyte-parity-"));
  try {
    const file = join(folder, "astrocyte.yaml");
    if (text !== undefined) await writeFile(file, text);
    const { config } = await readConfig(file, { ...silent, environment: env });
    const { mip_config_path: routing, ...rest } = config;
    // The recordings name the folder in which the file was.
    const path = routing?.replace(folder, "<dir>");
    return toRecorded({ ...rest, mip_config_path: path }) ?? {};
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Recording {
  readonly error?: unknown;
  readonly resolved?: unknown;
  readonly resolved_diff?: unknown;
}

/** Where nothing is said the reference has a tier; here it follows what is configured. */
function withoutUnsaidTier(recorded: unknown, document: unknown): unknown {
  if (!isMap(recorded) || typeof writtenAt(document, "provider_tier") === "string") return recorded;
  return { ...recorded, provider_tier: undefined };
}

function inForm(value: unknown, usual: unknown, { resolved }: Recording): unknown {
  return resolved === undefined ? { resolved_diff: differing(value, usual) } : { resolved: value };
}

function recordedForm(recording: Recording, written: Written | undefined): unknown {
  const { resolved, resolved_diff: difference } = recording;
  return resolved === undefined
    ? { resolved_diff: toRecorded(difference) ?? {} }
    : { resolved: toRecorded(withoutUnsaidTier(resolved, written?.document)) };
}

/** Banks with nothing under them, which the reference leaves out. */
function emptyBanks(document: unknown): string[] {
  const banks = writtenAt(document, "banks");
  return isMap(banks) ? Object.keys(banks).filter((bankId) => banks[bankId] === null) : [];
}

/** A recording, with banks declared that say nothing. */
function withBanks(recorded: unknown, bankIds: readonly string[]): unknown {
  if (!isMap(recorded)) return recorded;
  const form = "resolved" in recorded ? "resolved" : "resolved_diff";
  const values = recorded[form];
  if (!isMap(values)) return recorded;
  const banks = isMap(values["banks"]) ? values["banks"] : {};
  const empty = Object.fromEntries(bankIds.map((bankId) => [bankId, {}]));
  return { [form]: { ...values, banks: { ...banks, ...empty } } };
}

/** Reading, merging and checking of configuration files. */
export const configLoad: AreaRunner = {
  area: "config_load",
  run: async ({ input, expected }) => {
    const { yaml, env } = inputSchema.parse(input);
    const recording: Recording = isMap(expected) ? expected : {};
    const usual = await configOf("", {});
    const outcome = await outcomeOf(() => configOf(yaml ?? undefined, env));
    const actual = "error" in outcome ? outcome : inForm(outcome.result, usual, recording);
    const written = readWritten(yaml ?? "", env);
    const plain = recording.error === undefined ? recordedForm(recording, written) : expected;
    const ruling = written === undefined ? undefined : rulingFor(written);
    const bankIds = emptyBanks(written?.document);
    if (ruling === undefined && recording.error === undefined && bankIds.length > 0) {
      const reason = "03 section 3: a bank with nothing under it is declared";
      return new Corrected(actual, withBanks(plain, bankIds), reason);
    }
    // What agrees with the recording anyway needs no correction.
    if (ruling === undefined || findDifference(actual, plain) === undefined) {
      return new Projection(actual, plain);
    }
    return new Corrected(
      actual,
      ruling.refuses
        ? { error: { class: "ConfigError" } }
        : inForm(toRecorded(ruling.values) ?? {}, usual, recording),
      ruling.reason,
    );
  },
};
