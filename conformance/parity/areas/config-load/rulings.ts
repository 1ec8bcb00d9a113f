import { contractKinds, contractSections, type ContractKind } from "./contract-kinds.js";
import { complianceValues, profileValues } from "./profile-values.js";
import { isMap, writtenAt, type Written } from "./read-written.js";

/** A hardened statement that applies to a document, and what it asks for. */
export type Ruling =
  | { readonly reason: string; readonly refuses: true }
  | { readonly reason: string; readonly refuses: false; readonly values: Record<string, unknown> };

const numeral = /^[+-]?\d+(?:\.\d+)?$/;

function isNumberOf(value: number, kind: ContractKind): boolean {
  if (kind === "share") return value >= 0 && value <= 1;
  if (kind === "amount") return value >= 0;
  if (kind === "above") return value > 0;
  if (!Number.isInteger(value)) return false;
  if (kind === "trait") return value >= 1 && value <= 5;
  return value >= (kind === "some" ? 1 : 0);
}

function isOfKind(value: unknown, kind: ContractKind): boolean {
  if (typeof kind === "object") return typeof value === "string" && kind.includes(value);
  if (kind === "text") return typeof value === "string";
  if (kind === "flag") return typeof value === "boolean";
  return kind === "list"
    ? Array.isArray(value)
    : typeof value === "number" && isNumberOf(value, kind);
}

/** Text that stands for a number or a flag is one, D-22. */
function coerced(value: unknown, kind: ContractKind): unknown {
  if (typeof value !== "string" || typeof kind === "object") return value;
  const word = value.trim().toLowerCase();
  if (kind === "flag" && ["true", "yes", "on", "1"].includes(word)) return true;
  if (kind === "flag" && ["false", "no", "off", "0"].includes(word)) return false;
  const isNumber = !["text", "flag", "list"].includes(kind);
  return isNumber && numeral.test(word) ? Number(word) : value;
}

const said = (value: unknown) => value !== undefined && value !== null;

function entriesOf(document: unknown, section: string): [string, unknown][] {
  const map = writtenAt(document, section);
  return isMap(map) ? Object.entries(map) : [];
}

/** Paths at which a document, or a bank's part of one, has values of another kind. */
function wrongValues(document: unknown): string[] {
  const wrongKinds = [...contractKinds].filter(([path, kind]) => {
    const value = writtenAt(document, path);
    return said(value) && !isOfKind(coerced(value, kind), kind);
  });
  const wrongSections = [...contractSections].filter((path) => {
    const value = writtenAt(document, path);
    return said(value) && !isMap(value);
  });
  return [...wrongSections, ...wrongKinds.map(([path]) => path)];
}

const bankIdForm = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,254}$/;
const isFile = (name: string) => name.startsWith("./") || name.startsWith("/");

/** A name that is none of those shipped; files are another matter. */
function isUnknownProfile(name: unknown, known: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof name === "string" &&
    name.trim() !== "" &&
    !isFile(name) &&
    !Object.hasOwn(known, name.trim())
  );
}

const permissionWords: readonly unknown[] = ["read", "write", "forget", "admin", "*"];

function isPermissionList(value: unknown): boolean {
  return Array.isArray(value) && value.every((word) => permissionWords.includes(word));
}

function isWrongGrant(row: unknown, needed: readonly string[]): boolean {
  return (
    isMap(row) && (needed.some((key) => !said(row[key])) || !isPermissionList(row["permissions"]))
  );
}

function isWrongBank([bankId, bank]: readonly [string, unknown]): boolean {
  if (!isMap(bank)) return false;
  const { access } = bank;
  const rows: readonly unknown[] = Array.isArray(access) ? access : [];
  return (
    !bankIdForm.test(bankId) ||
    isUnknownProfile(bank["profile"], profileValues) ||
    wrongValues(bank).length > 0 ||
    (said(access) && !Array.isArray(access)) ||
    rows.some((row) => isWrongGrant(row, ["principal"]))
  );
}

function isWrongAgent([, agent]: readonly [string, unknown]): boolean {
  if (!isMap(agent)) return false;
  const { permissions } = agent;
  return (
    (said(permissions) && !isPermissionList(permissions)) ||
    ["banks", "allowed_banks"].some((key) => said(agent[key]) && !Array.isArray(agent[key]))
  );
}

/** What is wrong beside the kinds of the contract's own keys. */
function wrongEntries(document: Readonly<Record<string, unknown>>): string[] {
  const { access_grants: grants } = document;
  const rows: readonly unknown[] = Array.isArray(grants) ? grants : [];
  const isWrongList =
    (said(grants) && !Array.isArray(grants)) ||
    rows.some((row) => isWrongGrant(row, ["bank_id", "principal"]));
  const configs = Object.entries(document).filter(
    ([key, value]) => key.endsWith("_config") && said(value) && !isMap(value),
  );
  const { compliance_profile: compliance } = document;
  return [
    ...(isUnknownProfile(document["profile"], profileValues) ? ["profile"] : []),
    ...(isUnknownProfile(compliance, complianceValues) ? ["compliance_profile"] : []),
    ...(isWrongList ? ["access_grants"] : []),
    ...configs.map(([key]) => key),
    ...entriesOf(document, "banks")
      .filter(isWrongBank)
      .map(([id]) => `banks.${id}`),
    ...entriesOf(document, "agents")
      .filter(isWrongAgent)
      .map(([id]) => `agents.${id}`),
  ];
}

function protectionsAsked(document: unknown): string[] {
  const isAsked = (path: string) => {
    const value = writtenAt(document, path);
    return value === true || (typeof value === "string" && value.trim() !== "");
  };
  return ["identity.jwt_middleware.enabled"].filter(isAsked);
}

function merged(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    result[key] = key in result ? merged(result[key], value) : value;
  }
  return result;
}

/** The document with nulls that stand for sections left out, and coerced where that is due. */
function cleaned(value: unknown, path = ""): unknown {
  const kind = contractKinds.get(path);
  if (kind !== undefined) return coerced(value, kind);
  if (!isMap(value)) return value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, item, path === "" ? key : `${path}.${key}`] as const)
    .filter(([, item, itemPath]) => item !== null || !contractSections.has(itemPath));
  return Object.fromEntries(kept.map(([key, item, itemPath]) => [key, cleaned(item, itemPath)]));
}

/** What the document comes to by the contract: its profiles, and what is written over them. */
function effective({ document }: Written): Record<string, unknown> {
  const { profile, compliance_profile: compliance } = document;
  const layers = [
    typeof compliance === "string" ? (complianceValues[compliance] ?? {}) : {},
    typeof profile === "string" ? (profileValues[profile] ?? {}) : {},
    // The only section that is absent unless it is written, and has a default then.
    isMap(document["deployment"]) ? { deployment: { mode: "library" } } : {},
    cleaned(document),
  ];
  const values = layers.reduce<unknown>((base, layer) => merged(base, layer), {});
  return isMap(values) ? values : {};
}

function hasNullSection({ document }: Written): boolean {
  return [...contractSections].some((path) => writtenAt(document, path) === null);
}

function hasCoercion({ document }: Written): boolean {
  return [...contractKinds].some(([path, kind]) => {
    const value = writtenAt(document, path);
    return coerced(value, kind) !== value;
  });
}

const refuse = (reason: string): Ruling => ({ reason, refuses: true });

/** The hardened statement that applies to a document, if one does; by its form only, never by its id. */
export function rulingFor(written: Written): Ruling | undefined {
  const { document, hasDuplicateKeys } = written;
  if (hasDuplicateKeys) {
    return refuse("03 section 1: two keys of one name are an ambiguity, and refused");
  }
  const protections = protectionsAsked(document);
  if (protections.length > 0) {
    return refuse(`D-27: ${protections.join(", ")} would protect nothing yet, and is refused`);
  }
  const wrong = [...wrongValues(document), ...wrongEntries(document)];
  if (wrong.length > 0) {
    return refuse(`03 section 5: other kinds and unknown words are refused (${wrong.join(", ")})`);
  }
  if (hasNullSection(written)) {
    const reason = "D-26: a section with nothing under it says nothing";
    return { reason, refuses: false, values: effective(written) };
  }
  if (hasCoercion(written)) {
    const reason = "D-22: text from the environment is a number or a flag where one is due";
    return { reason, refuses: false, values: effective(written) };
  }
  return undefined;
}
