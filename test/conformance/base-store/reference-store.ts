import {
  BaseStore,
  type GetOperation,
  type Item,
  type ListNamespacesOperation,
  type Operation,
  type OperationResults,
  type PutOperation,
  type SearchOperation,
} from "@langchain/langgraph";
import { cosineSimilarity } from "astrocyte";
import { hashedEmbedding } from "astrocyte/testing";

interface Entry {
  value: Record<string, unknown>;
  readonly key: string;
  readonly namespace: string[];
  readonly createdAt: Date;
  updatedAt: Date;
  texts: string[];
  readonly score?: number;
}

type Condition = readonly [operator: string, operand: unknown];

function isLawful(label: string): boolean {
  return label !== "" && !/[.:\0]/.test(label);
}

function isComparable(a: unknown, b: unknown): boolean {
  return typeof a === typeof b && (typeof a === "number" || typeof a === "string");
}

/**
 * A store that does all that the suite asks for, in small methods that a test can replace, one at a time, by what a careless
 * author might have written.
 */
export class ReferenceStore extends BaseStore {
  entries = new Map<string, Entry>();

  override async batch<Op extends Operation[]>(operations: Op): Promise<OperationResults<Op>> {
    for (const operation of operations) this.validate(operation);
    const results = this.carryOut(operations);
    return results as OperationResults<Op>;
  }

  carryOut(operations: readonly Operation[]): unknown[] {
    return operations.map((operation) => {
      if ("namespacePrefix" in operation) return this.find(operation);
      if ("value" in operation) return this.write(operation);
      if ("namespace" in operation) return this.read(operation);
      return this.list(operation);
    });
  }

  validate(operation: Operation): void {
    if (!("value" in operation) || operation.value === null) return;
    const { namespace } = operation;
    if (namespace.length === 0 || namespace[0] === "langgraph" || !namespace.every(isLawful)) {
      throw new Error(`unlawful namespace ${JSON.stringify(namespace)}`);
    }
  }

  idOf(namespace: readonly string[], key: string): string {
    return JSON.stringify([namespace, key]);
  }

  copy<Value>(value: Value): Value {
    return structuredClone(value);
  }

  show(entry: Entry): Item {
    const { texts: _texts, ...item } = entry;
    return item;
  }

  read({ namespace, key }: GetOperation): Item | null {
    const entry = this.entries.get(this.idOf(namespace, key));
    return entry === undefined ? null : this.copy(this.show(entry));
  }

  write({ namespace, key, value, index }: PutOperation): void {
    const id = this.idOf(namespace, key);
    if (value === null) {
      this.entries.delete(id);
      return;
    }
    const now = new Date();
    const kept = this.entries.get(id);
    this.entries.set(id, {
      value: this.copy(value),
      key,
      namespace: [...namespace],
      createdAt: kept?.createdAt ?? now,
      updatedAt: now,
      texts: this.textsOf(value, index),
    });
  }

  textsOf(value: Record<string, unknown>, index: PutOperation["index"]): string[] {
    if (index === false) return [];
    if (index === undefined) return [JSON.stringify(value, undefined, 1)];
    return index.flatMap((path) => {
      const field = value[path.replace("[*]", "")];
      return Array.isArray(field) ? field.map(String) : [String(field)];
    });
  }

  find({ namespacePrefix, filter = {}, query, limit = 10, offset = 0 }: SearchOperation) {
    const candidates = [...this.entries.values()].filter(
      ({ namespace, value }) =>
        this.isUnder(namespacePrefix, namespace) && this.matches(value, filter),
    );
    const ranked = query === undefined ? candidates : this.rank(candidates, query);
    return this.page(
      ranked.map((entry) => this.copy(this.show(entry))),
      offset,
      limit,
    );
  }

  page<Row>(rows: readonly Row[], offset: number, limit: number): Row[] {
    return rows.slice(offset, offset + limit);
  }

  isUnder(prefix: readonly string[], namespace: readonly string[]): boolean {
    return prefix.every((label, at) => namespace[at] === label);
  }

  rank(entries: readonly Entry[], query: string): Entry[] {
    const vector = hashedEmbedding(query);
    const scored = entries.map((entry) => {
      const scores = entry.texts.map((text) => cosineSimilarity(hashedEmbedding(text), vector));
      return scores.length === 0 ? entry : Object.assign({}, entry, { score: Math.max(...scores) });
    });
    const scoreOf = (entry: Entry) => entry.score ?? -1;
    return scored.toSorted((a, b) => scoreOf(b) - scoreOf(a));
  }

  matches(value: Record<string, unknown>, filter: Record<string, unknown>): boolean {
    return Object.entries(filter).every(([name, wanted]) => {
      const actual = Object.hasOwn(value, name) ? value[name] : undefined;
      if (typeof wanted !== "object" || wanted === null) return this.holds(actual, ["$eq", wanted]);
      return Object.entries(wanted).every((condition) => this.holds(actual, condition));
    });
  }

  holds(actual: unknown, [operator, operand]: Condition): boolean {
    const among = Array.isArray(operand) && operand.includes(actual);
    switch (operator) {
      case "$eq":
        return actual === operand;
      case "$ne":
        return actual !== operand;
      case "$in":
        return among;
      case "$nin":
        return !among;
      default:
        return isComparable(actual, operand) && this.compares(actual, operator, operand);
    }
  }

  compares(actual: unknown, operator: string, operand: unknown): boolean {
    const [a, b] = [actual as number, operand as number];
    switch (operator) {
      case "$gt":
        return a > b;
      case "$gte":
        return a >= b;
      case "$lt":
        return a < b;
      case "$lte":
        return a <= b;
      default:
        return false;
    }
  }

  namespaces(): string[][] {
    return [...this.entries.values()].map(({ namespace }) => namespace);
  }

  list({ matchConditions = [], maxDepth, limit, offset }: ListNamespacesOperation): string[][] {
    const matching = this.namespaces().filter((namespace) =>
      matchConditions.every(({ matchType, path }) => {
        const start = matchType === "prefix" ? 0 : namespace.length - path.length;
        return start >= 0 && path.every((label, at) => this.fits(label, namespace[start + at]));
      }),
    );
    const cut = matching.map((namespace) => this.cut(namespace, maxDepth));
    const unique = new Map(cut.map((namespace) => [JSON.stringify(namespace), namespace]));
    return this.page([...unique.values()], offset, limit);
  }

  cut(namespace: string[], maxDepth: number | undefined): string[] {
    return namespace.slice(0, maxDepth);
  }

  fits(label: string, actual: string | undefined): boolean {
    return actual !== undefined && (label === "*" || label === actual);
  }
}
