import { InvalidArgumentError } from "astrocyte";

export type Namespace = readonly string[];

const prefixForm = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const plain = /[A-Za-z0-9_-]+|[^A-Za-z0-9_-]+/gu;
const maxBankIdLength = 255;

/** @throws InvalidArgumentError for a prefix that could be taken for a namespace. */
export function assertBankPrefix(prefix: unknown): asserts prefix is string {
  if (typeof prefix === "string" && prefixForm.test(prefix)) return;
  throw new InvalidArgumentError(
    "AstrocyteStore: bankPrefix: expected 1 to 64 characters of [a-zA-Z0-9_-], the first a letter or a digit",
  );
}

/** UTF-16, so that half a surrogate pair, which a label may hold, comes back too. */
function encodeRun(run: string): string {
  return `.${Buffer.from(run, "utf16le").toString("base64url")}.`;
}

function encodeLabel(label: string): string {
  return label.replace(plain, (run) => (/^[A-Za-z0-9_-]/.test(run) ? run : encodeRun(run)));
}

function decodeLabel(text: string): string {
  return text.replace(/\.([A-Za-z0-9_-]*)\./g, (_run, code: string) =>
    Buffer.from(code, "base64url").toString("utf16le"),
  );
}

/**
 * The bank of a namespace: the prefix and the labels, joined by `:`. What a bank id cannot hold stands in it as base64url between
 * dots, so that two namespaces never share a bank.
 *
 * @throws InvalidArgumentError when the id would be longer than the 255 characters of a bank id.
 */
export function bankIdOf(prefix: string, namespace: Namespace): string {
  const bankId = [prefix, ...namespace.map(encodeLabel)].join(":");
  if (bankId.length <= maxBankIdLength) return bankId;
  throw new InvalidArgumentError(
    `The namespace makes a bank id of ${bankId.length} characters, and ${maxBankIdLength} is the most; use fewer or shorter labels`,
  );
}

/** The namespace of a bank; undefined for a bank that is no namespace's. */
export function namespaceOf(prefix: string, bankId: string): string[] | undefined {
  if (!bankId.startsWith(`${prefix}:`)) return undefined;
  const labels = bankId
    .slice(prefix.length + 1)
    .split(":")
    .map(decodeLabel);
  if (labels.includes("")) return undefined;
  // A code that no label makes would be a second name of a bank.
  return [prefix, ...labels.map(encodeLabel)].join(":") === bankId ? labels : undefined;
}

/** Whether a namespace lies under a prefix, label by label. */
export function startsWith(namespace: Namespace, prefix: Namespace): boolean {
  return prefix.every((label, at) => namespace[at] === label);
}

/** In the order of their labels. */
export function compareNamespaces(a: Namespace, b: Namespace): number {
  for (const [at, label] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (label !== other) return label < other ? -1 : 1;
  }
  return a.length - b.length;
}
