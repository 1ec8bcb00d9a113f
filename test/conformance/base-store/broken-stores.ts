import type {
  ListNamespacesOperation,
  Operation,
  PutOperation,
  SearchOperation,
} from "@langchain/langgraph";
import type { BaseStoreLike } from "astrocyte/conformance";
import { ReferenceStore } from "./reference-store.js";

/** A reference store with some methods replaced. */
function broken(change: (store: ReferenceStore) => Partial<ReferenceStore>): () => ReferenceStore {
  return () => {
    const store = new ReferenceStore();
    return Object.assign(store, change(store));
  };
}

/** Writes something else than what was put. */
function writing(
  change: (operation: PutOperation, store: ReferenceStore) => PutOperation | undefined,
): () => ReferenceStore {
  return broken((store) => {
    const write = store.write.bind(store);
    return {
      write: (operation) => {
        const changed = change(operation, store);
        if (changed !== undefined) write(changed);
      },
    };
  });
}

/** Keeps what an item was indexed by before, for the writes that `when` tells. */
function keepingTexts(
  when: (operation: PutOperation, isNew: boolean) => boolean,
): () => ReferenceStore {
  return broken((store) => {
    const write = store.write.bind(store);
    const textsOf = new Map<string, string[]>();
    return {
      write: (operation) => {
        const id = store.idOf(operation.namespace, operation.key);
        const isNew = !store.entries.has(id);
        write(operation);
        const entry = store.entries.get(id);
        if (entry === undefined) return;
        if (when(operation, isNew)) entry.texts = [...entry.texts, ...(textsOf.get(id) ?? [])];
        textsOf.set(id, entry.texts);
      },
    };
  });
}

function holding(
  change: (
    actual: unknown,
    operator: string,
    operand: unknown,
    holds: ReferenceStore["holds"],
  ) => boolean,
): () => ReferenceStore {
  return broken((store) => {
    const holds = store.holds.bind(store);
    return { holds: (actual, [operator, operand]) => change(actual, operator, operand, holds) };
  });
}

function listing(
  change: (operation: ListNamespacesOperation, list: ReferenceStore["list"]) => string[][],
): () => ReferenceStore {
  return broken((store) => {
    const list = store.list.bind(store);
    return { list: (operation) => change(operation, list) };
  });
}

/** Starts each write from what was there when its batch began, and so loses those in between. */
function losingConcurrentWrites(): ReferenceStore {
  const store = new ReferenceStore();
  const batch = store.batch.bind(store);
  return Object.assign(store, {
    batch: async (operations: Operation[]) => {
      const before = new Map(store.entries);
      await Promise.resolve();
      if (operations.some((operation) => "value" in operation)) store.entries = before;
      return batch(operations);
    },
  });
}

/** Answers every batch in the same array. */
function sharingResults(): ReferenceStore {
  const store = new ReferenceStore();
  const carryOut = store.carryOut.bind(store);
  const shared: unknown[] = [];
  return Object.assign(store, {
    batch: async (operations: Operation[]) => {
      for (const operation of operations) store.validate(operation);
      shared.splice(0, shared.length, ...carryOut(operations));
      await new Promise(setImmediate);
      return shared;
    },
  });
}

function dropNulls(value: PutOperation["value"]): PutOperation["value"] {
  if (value === null) return null;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null));
}

function firstOperatorOf(wanted: unknown): unknown {
  return typeof wanted === "object" && wanted !== null
    ? Object.fromEntries(Object.entries(wanted).slice(0, 1))
    : wanted;
}

function atMost32Bits(value: unknown): unknown {
  return typeof value === "number" && Math.abs(value) > 2 ** 31 ? 2 ** 31 : value;
}

/** Equality as of languages that convert first. */
function isAlike(a: unknown, b: unknown): boolean {
  return [a, b].every((value) => typeof value === "string") ? a === b : asText(a) === asText(b);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isWrite(operation: Operation): boolean {
  return "value" in operation;
}

function asPattern(label: string): RegExp {
  const literal = label.replaceAll(/[\\^$.|?*+()[\]{}]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("%", ".*").replaceAll("_", ".")}$`, "s");
}

/** What is wrong with a store, the statements that find it, and the store. */
export const brokenStores: readonly [string, string[], () => BaseStoreLike][] = [
  [
    "drops nulls",
    ["BS-1", "BS-30", "BS-70"],
    writing((operation) => ({ ...operation, value: dropNulls(operation.value) })),
  ],
  [
    "answers a missing key with the first item there is",
    ["BS-2", "BS-4", "BS-53", "BS-55", "BS-66", "BS-70", "BS-72"],
    broken((store) => {
      const read = store.read.bind(store);
      return {
        read: (operation) => {
          const [first] = store.entries.values();
          return read(operation) ?? (first === undefined ? null : store.show(first));
        },
      };
    }),
  ],
  [
    "merges a second put into the first",
    ["BS-3"],
    writing((operation, store) => {
      const kept = store.entries.get(store.idOf(operation.namespace, operation.key));
      if (operation.value === null || kept === undefined) return operation;
      return { ...operation, value: { ...kept.value, ...operation.value } };
    }),
  ],
  [
    "deletes a key everywhere below",
    ["BS-4"],
    broken((store) => {
      const write = store.write.bind(store);
      return {
        write: (operation) => {
          write(operation);
          if (operation.value !== null) return;
          for (const [id, { namespace, key }] of store.entries) {
            const isBelow = store.isUnder(operation.namespace, namespace);
            if (key === operation.key && isBelow) store.entries.delete(id);
          }
        },
      };
    }),
  ],
  [
    "leaves a mark where it deletes, which hides what comes later",
    ["BS-5"],
    broken((store) => {
      const write = store.write.bind(store);
      const deleted = new Set<string>();
      return {
        write: (operation) => {
          const id = store.idOf(operation.namespace, operation.key);
          const isThere = store.entries.has(id);
          if (operation.value === null && isThere) deleted.add(id);
          if (!deleted.has(id) || operation.value === null) write(operation);
        },
      };
    }),
  ],
  [
    "ignores case in keys",
    ["BS-6"],
    broken(() => ({ idOf: (namespace, key) => JSON.stringify([namespace, key.toLowerCase()]) })),
  ],
  [
    "keeps the caller's own value",
    ["BS-7"],
    broken((store) => {
      const write = store.write.bind(store);
      return {
        write: (operation) => {
          write(operation);
          const entry = store.entries.get(store.idOf(operation.namespace, operation.key));
          if (entry !== undefined) entry.value = operation.value ?? {};
        },
      };
    }),
  ],
  [
    "gives out its own items by get",
    ["BS-8"],
    broken((store) => ({
      read: ({ namespace, key }) => {
        const entry = store.entries.get(store.idOf(namespace, key));
        return entry === undefined ? null : store.show(entry);
      },
    })),
  ],
  [
    "gives out its own items by search",
    ["BS-9"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) => {
          const copy = store.copy.bind(store);
          store.copy = (value) => value;
          try {
            return find(operation);
          } finally {
            store.copy = copy;
          }
        },
      };
    }),
  ],
  ["loses concurrent writes", ["BS-10"], losingConcurrentWrites],
  [
    "searches only the namespace itself",
    ["BS-11", "BS-20", "BS-64", "BS-66", "BS-71"],
    broken((store) => {
      const isUnder = store.isUnder.bind(store);
      return {
        isUnder: (prefix, namespace) =>
          isUnder(prefix, namespace) && (prefix.length === 0 || prefix.length === namespace.length),
      };
    }),
  ],
  [
    "finds nothing under no label",
    ["BS-76"],
    broken((store) => {
      const isUnder = store.isUnder.bind(store);
      return {
        isUnder: (prefix, namespace) => prefix.length > 0 && isUnder(prefix, namespace),
      };
    }),
  ],
  [
    "finds items without their dates",
    ["BS-12"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) =>
          find(operation).map((item) => ({
            ...item,
            createdAt: new Date(0),
            updatedAt: new Date(0),
          })),
      };
    }),
  ],
  [
    "searches 20 items at a time",
    ["BS-13"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) => find(operation.limit === 10 ? { ...operation, limit: 20 } : operation),
      };
    }),
  ],
  [
    "starts its pages from their number",
    ["BS-14"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) => {
          const { limit = 10, offset = 0, query, filter } = operation;
          const isPlain = query === undefined && filter === undefined && limit === 5;
          return find({ ...operation, offset: isPlain ? Math.floor(offset / limit) : offset });
        },
      };
    }),
  ],
  [
    "filters after limit and offset",
    ["BS-15"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: ({ filter = {}, ...operation }) => {
          const isPaged = operation.query === undefined && operation.limit === 3;
          if (!isPaged) return find({ ...operation, filter });
          return find(operation).filter(({ value }) => store.matches(value, filter));
        },
      };
    }),
  ],
  [
    "gives distances for scores",
    ["BS-16", "BS-21", "BS-23", "BS-28"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) =>
          find(operation).map((item) => ({
            ...item,
            ...("score" in item && { score: 1 - Number(item.score) }),
          })),
      };
    }),
  ],
  [
    "ignores the offset of a query",
    ["BS-17", "BS-18"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) =>
          find(operation.query === undefined ? operation : { ...operation, offset: 0 }),
      };
    }),
  ],
  [
    "fills every page of a query with items that have no index",
    ["BS-18"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) => {
          const found = find(operation);
          const { limit = 10, query, offset = 0 } = operation;
          if (query === undefined || offset === 0) return found;
          const bare = [...store.entries.values()].filter(({ texts }) => texts.length === 0);
          return [...found, ...bare.map((entry) => store.show(entry))].slice(0, limit);
        },
      };
    }),
  ],
  [
    "filters the most similar ones only",
    ["BS-19"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: ({ filter = {}, ...operation }) =>
          operation.query === undefined
            ? find({ ...operation, filter })
            : find(operation).filter(({ value }) => store.matches(value, filter)),
      };
    }),
  ],
  [
    "looks for the prefix among the most similar ones only",
    ["BS-20"],
    broken((store) => {
      const find = store.find.bind(store);
      return {
        find: (operation) => {
          const { query, limit = 10, namespacePrefix } = operation;
          if (query === undefined || limit > 1) return find(operation);
          return find({ ...operation, namespacePrefix: [] }).filter(({ namespace }) =>
            store.isUnder(namespacePrefix, namespace),
          );
        },
      };
    }),
  ],
  [
    "adds a replacement's text to the index and keeps the old one",
    ["BS-21"],
    keepingTexts(({ index }, isNew) => !isNew && index === undefined),
  ],
  [
    "finds deleted items by their text",
    ["BS-22"],
    broken((store) => {
      const write = store.write.bind(store);
      const find = store.find.bind(store);
      const deleted: ReturnType<ReferenceStore["find"]> = [];
      return {
        write: (operation) => {
          const gone = operation.value === null && store.read(operation);
          if (gone) deleted.push(gone);
          write(operation);
        },
        find: (operation) => {
          const found = find(operation);
          return operation.query === undefined
            ? found
            : [...found, ...deleted.filter((item) => store.read(item) === null)];
        },
      };
    }),
  ],
  [
    "keeps the index of a deleted item for the next of its key",
    ["BS-23"],
    keepingTexts(({ index }, isNew) => isNew && index === undefined),
  ],
  [
    "keeps the index of a deleted item for the next of its key, which has none",
    ["BS-24"],
    keepingTexts(({ index }, isNew) => isNew && index === false),
  ],
  [
    "keeps the index when index is false",
    ["BS-25"],
    keepingTexts(({ index }, isNew) => !isNew && index === false),
  ],
  [
    "indexes what should not be",
    ["BS-24", "BS-25", "BS-26"],
    writing(({ index, ...operation }) =>
      index === undefined || index === false ? operation : { ...operation, index },
    ),
  ],
  [
    "does not keep what is not indexed",
    ["BS-25", "BS-26"],
    writing((operation) =>
      operation.index === false && operation.value?.["text"] === "purple elephants dance"
        ? undefined
        : operation,
    ),
  ],
  [
    "indexes the whole value instead of the fields",
    ["BS-27"],
    writing(({ index, ...operation }) =>
      Array.isArray(index) && index[0] !== "notes[*]"
        ? operation
        : { ...operation, ...(index !== undefined && { index }) },
    ),
  ],
  [
    "indexes list elements under their numbers and never removes one",
    ["BS-28"],
    keepingTexts(({ index }, isNew) => !isNew && Array.isArray(index)),
  ],
  [
    "takes one matching condition for enough",
    ["BS-29"],
    broken((store) => {
      const matches = store.matches.bind(store);
      return {
        matches: (value, filter) =>
          Object.keys(filter).length < 2
            ? matches(value, filter)
            : Object.entries(filter).some((entry) => matches(value, Object.fromEntries([entry]))),
      };
    }),
  ],
  [
    "compares as texts",
    ["BS-30"],
    holding((actual, operator, operand, holds) =>
      operator === "$eq" && actual !== undefined
        ? isAlike(actual, operand)
        : holds(actual, [operator, operand]),
    ),
  ],
  [
    "does not know $eq",
    ["BS-31"],
    broken((store) => {
      const matches = store.matches.bind(store);
      return {
        matches: (value, filter) =>
          !JSON.stringify(filter).includes('{"$eq"') && matches(value, filter),
      };
    }),
  ],
  [
    "compares numbers as texts",
    ["BS-32", "BS-33"],
    broken((store) => {
      const compares = store.compares.bind(store);
      return {
        compares: (actual, operator, operand) =>
          compares(String(actual), operator, String(operand)),
      };
    }),
  ],
  [
    "heeds only the first operator of a key",
    ["BS-33", "BS-37", "BS-38"],
    broken((store) => {
      const matches = store.matches.bind(store);
      return {
        matches: (value, filter) =>
          matches(
            value,
            Object.fromEntries(
              Object.entries(filter).map(([name, wanted]) => [name, firstOperatorOf(wanted)]),
            ),
          ),
      };
    }),
  ],
  [
    "compares texts with $in",
    ["BS-34"],
    holding((actual, operator, operand, holds) =>
      operator === "$in" && Array.isArray(operand)
        ? operand.map(String).includes(String(actual))
        : holds(actual, [operator, operand]),
    ),
  ],
  [
    "takes an empty $in for no condition",
    ["BS-35"],
    holding(
      (actual, operator, operand, holds) =>
        (operator === "$in" && Array.isArray(operand) && operand.length === 0) ||
        holds(actual, [operator, operand]),
    ),
  ],
  [
    "treats a missing value as SQL does NULL",
    ["BS-35", "BS-36"],
    holding(
      (actual, operator, operand, holds) =>
        actual !== undefined && holds(actual, [operator, operand]),
    ),
  ],
  [
    "keeps 32 bits of a number",
    ["BS-37"],
    broken((store) => {
      const compares = store.compares.bind(store);
      return {
        compares: (actual, operator, operand) =>
          compares(atMost32Bits(actual), operator, atMost32Bits(operand)),
      };
    }),
  ],
  [
    "compares numbers only",
    ["BS-38"],
    broken((store) => {
      const compares = store.compares.bind(store);
      return {
        compares: (actual, operator, operand) =>
          compares(Number(actual), operator, Number(operand)),
      };
    }),
  ],
  [
    "takes null for 0",
    ["BS-39"],
    holding((actual, operator, operand, holds) =>
      holds(actual === null && /^\$[gl]/.test(operator) ? 0 : actual, [operator, operand]),
    ),
  ],
  [
    "takes an unknown operator for no condition",
    ["BS-40"],
    holding(
      (actual, operator, operand, holds) =>
        !["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin"].includes(operator) ||
        holds(actual, [operator, operand]),
    ),
  ],
  [
    "takes a dot in a filter's key for a path",
    ["BS-41"],
    broken((store) => {
      const matches = store.matches.bind(store);
      return {
        matches: (value, filter) => {
          const nested = value["nested"];
          const isPath = Object.hasOwn(filter, "nested.v");
          return isPath && typeof nested === "object" && nested !== null
            ? "v" in nested && nested.v === filter["nested.v"]
            : matches(value, filter);
        },
      };
    }),
  ],
  [
    "takes a filter's value for a pattern",
    ["BS-42"],
    holding((actual, operator, operand, holds) =>
      operator === "$eq" && typeof operand === "string" && typeof actual === "string"
        ? asPattern(operand).test(actual)
        : holds(actual, [operator, operand]),
    ),
  ],
  [
    "lists a namespace for each of its items",
    ["BS-43"],
    broken((store) => {
      const list = store.list.bind(store);
      return {
        list: (operation) => {
          const isBare = operation.matchConditions === undefined && operation.limit === 100;
          return isBare && operation.maxDepth === undefined ? store.namespaces() : list(operation);
        },
      };
    }),
  ],
  [
    "lists only what is below a prefix",
    ["BS-44", "BS-47", "BS-53"],
    listing((operation, list) => {
      const prefix = operation.matchConditions?.find(({ matchType }) => matchType === "prefix");
      return list(operation).filter(({ length }) => length > (prefix?.path.length ?? 0));
    }),
  ],
  [
    "takes a suffix for an infix",
    ["BS-45", "BS-47"],
    listing((operation, list) => {
      const suffix = operation.matchConditions?.find(({ matchType }) => matchType === "suffix");
      if (suffix === undefined || operation.matchConditions?.length !== 1) return list(operation);
      const all = list({ ...operation, matchConditions: [] });
      return all.filter((namespace) => suffix.path.every((label) => namespace.includes(label)));
    }),
  ],
  [
    "heeds only the first condition of a listing",
    ["BS-46"],
    listing(({ matchConditions, ...operation }, list) =>
      list({ ...operation, matchConditions: matchConditions?.slice(0, 1) ?? [] }),
    ),
  ],
  ["takes * for a label", ["BS-47"], broken(() => ({ fits: (label, actual) => label === actual }))],
  [
    "leaves out what is deeper than maxDepth",
    ["BS-48", "BS-50"],
    listing(({ maxDepth = Infinity, ...operation }, list) =>
      list(operation).filter(({ length }) => length <= maxDepth),
    ),
  ],
  [
    "ignores the offset of a listing",
    ["BS-49", "BS-50"],
    listing((operation, list) => list({ ...operation, offset: 0 })),
  ],
  [
    "applies maxDepth to each page",
    ["BS-50"],
    listing(({ maxDepth, ...operation }, list) => {
      const cut = list(operation).map((namespace) => JSON.stringify(namespace.slice(0, maxDepth)));
      return [...new Set(cut)].map((text): string[] => JSON.parse(text));
    }),
  ],
  [
    "lists every namespace that ever was",
    ["BS-51"],
    broken((store) => {
      const write = store.write.bind(store);
      const ever = new Map<string, string[]>();
      return {
        write: (operation) => {
          if (operation.value !== null) {
            ever.set(JSON.stringify(operation.namespace), operation.namespace);
          }
          write(operation);
        },
        namespaces: () => [...ever.values()],
      };
    }),
  ],
  [
    "makes the namespace in which it deletes nothing",
    ["BS-52"],
    broken((store) => {
      const write = store.write.bind(store);
      const namespaces = store.namespaces.bind(store);
      const made: string[][] = [];
      return {
        write: (operation) => {
          if (operation.value === null && store.entries.size === 0) made.push(operation.namespace);
          write(operation);
        },
        namespaces: () => [...namespaces(), ...made],
      };
    }),
  ],
  [
    "answers reads before writes, in the order of their kinds",
    ["BS-53", "BS-72"],
    broken((store) => {
      const carryOut = store.carryOut.bind(store);
      return {
        carryOut: (operations) =>
          carryOut([
            ...operations.filter((operation) => !isWrite(operation)),
            ...operations.filter(isWrite),
          ]),
      };
    }),
  ],
  [
    "does not answer a listing without conditions",
    ["BS-54"],
    broken((store) => {
      const carryOut = store.carryOut.bind(store);
      return {
        carryOut: (operations) =>
          carryOut(
            operations.filter(
              (operation) =>
                "namespace" in operation ||
                "namespacePrefix" in operation ||
                "matchConditions" in operation,
            ),
          ),
      };
    }),
  ],
  [
    "lets the first write to a key count",
    ["BS-55"],
    broken((store) => {
      const carryOut = store.carryOut.bind(store);
      return {
        carryOut: (operations) =>
          operations.every((operation) => "value" in operation)
            ? carryOut(operations.toReversed()).toReversed()
            : carryOut(operations),
      };
    }),
  ],
  [
    "carries out 100 operations of a batch",
    ["BS-56"],
    broken((store) => {
      const carryOut = store.carryOut.bind(store);
      return {
        carryOut: (operations) => [
          ...carryOut(operations.slice(0, 100)),
          ...Array.from(operations.slice(100), () => undefined),
        ],
      };
    }),
  ],
  [
    "takes every namespace",
    ["BS-57", "BS-58", "BS-59", "BS-60", "BS-63", "BS-64", "BS-65", "BS-66", "BS-67"],
    () => {
      const store = new ReferenceStore();
      return Object.assign(store, {
        validate: () => {},
        put: async (
          namespace: string[],
          key: string,
          value: Record<string, unknown>,
          index?: false | string[],
        ) => store.write({ namespace, key, value, ...(index !== undefined && { index }) }),
      });
    },
  ],
  [
    "does not reserve the root langgraph",
    ["BS-58"],
    () => {
      const store = new ReferenceStore();
      const put = store.put.bind(store);
      return Object.assign(store, {
        put: async (
          namespace: string[],
          key: string,
          value: Record<string, unknown>,
          index?: false | string[],
        ) => {
          if (namespace[0] === "langgraph") store.write({ namespace, key, value });
          else await put(namespace, key, value, index);
        },
      });
    },
  ],
  [
    "refuses to read what put refuses to write",
    ["BS-75"],
    broken((store) => {
      const validate = store.validate.bind(store);
      return {
        validate: (operation) => {
          validate(operation);
          const isReserved =
            "namespacePrefix" in operation && operation.namespacePrefix[0] === "langgraph";
          if (isReserved) throw new Error("reserved");
        },
      };
    }),
  ],
  [
    "checks the root of a namespace in put only",
    ["BS-59"],
    broken((store) => {
      const validate = store.validate.bind(store);
      return {
        validate: (operation) => {
          const isReserved = "namespace" in operation && operation.namespace[0] === "langgraph";
          if (!isReserved) validate(operation);
        },
      };
    }),
  ],
  [
    "checks each operation when its turn comes",
    ["BS-60"],
    broken((store) => {
      const validate = store.validate.bind(store);
      const write = store.write.bind(store);
      return {
        validate: () => {},
        write: (operation) => {
          validate(operation);
          write(operation);
        },
      };
    }),
  ],
  ["answers all batches in one array", ["BS-61", "BS-74"], sharingResults],
  [
    "refuses labels with a mark that is special to SQL",
    ["BS-62"],
    broken((store) => {
      const validate = store.validate.bind(store);
      return {
        validate: (operation) => {
          validate(operation);
          if (JSON.stringify(operation).includes("sure?")) throw new Error("unlawful label");
        },
      };
    }),
  ],
  [
    "folds the spellings of a letter in namespaces",
    ["BS-63", "BS-64", "BS-65", "BS-66", "BS-67"],
    broken(() => ({
      idOf: (namespace, key) =>
        JSON.stringify([namespace.map((label) => label.normalize("NFC")), key]),
    })),
  ],
  [
    "matches a prefix by its text",
    ["BS-64", "BS-65", "BS-74"],
    broken(() => ({
      isUnder: (prefix, namespace) => namespace.join("/").startsWith(prefix.join("/")),
    })),
  ],
  [
    "matches a prefix as a pattern when there is a query",
    ["BS-65"],
    broken((store) => {
      const find = store.find.bind(store);
      const isUnder = store.isUnder.bind(store);
      return {
        find: (operation) => {
          store.isUnder =
            operation.query === undefined
              ? isUnder
              : (prefix, namespace) =>
                  prefix.every((label, at) => asPattern(label).test(namespace[at] ?? ""));
          return find(operation);
        },
      };
    }),
  ],
  [
    "deletes in namespaces of other case",
    ["BS-66"],
    broken((store) => {
      const write = store.write.bind(store);
      return {
        write: (operation) => {
          write(operation);
          const lower = operation.namespace.map((label) => label.toLowerCase());
          if (operation.value === null) write({ ...operation, namespace: lower });
        },
      };
    }),
  ],
  [
    "matches the prefix of a listing by its text",
    ["BS-47", "BS-67"],
    broken(() => ({
      fits: (label, actual) =>
        label === "*" || (actual !== undefined && (actual === label || actual === `${label}X`)),
    })),
  ],
  [
    "joins namespace and key by a slash",
    ["BS-68", "BS-69"],
    broken(() => ({ idOf: (namespace, key) => [...namespace, key].join("/") })),
  ],
  [
    "joins namespace and key by a colon within a batch",
    ["BS-69"],
    broken((store) => {
      const carryOut = store.carryOut.bind(store);
      return {
        carryOut: (operations) => {
          if (!operations.every((operation) => "value" in operation)) return carryOut(operations);
          const last = new Map(
            operations.map((operation) => [
              [...operation.namespace, operation.key].join(":"),
              operation,
            ]),
          );
          carryOut([...last.values()]);
          return operations.map(() => undefined);
        },
      };
    }),
  ],
  [
    "takes the namespace from the value",
    ["BS-70"],
    writing((operation) => {
      const namespace = operation.value?.["namespace"];
      return Array.isArray(namespace) ? { ...operation, namespace } : operation;
    }),
  ],
  [
    "has its logic in put and get instead of batch",
    ["BS-53", "BS-54", "BS-55", "BS-56", "BS-61", "BS-69", "BS-72", "BS-73"],
    () => {
      const store = new ReferenceStore();
      const own = new ReferenceStore();
      return Object.assign(store, {
        put: own.put.bind(own),
        get: own.get.bind(own),
        search: own.search.bind(own),
        delete: own.delete.bind(own),
        listNamespaces: own.listNamespaces.bind(own),
      });
    },
  ],
  [
    "deletes in delete, and not in batch",
    ["BS-55", "BS-71"],
    () => {
      const store = new ReferenceStore();
      const write = store.write.bind(store);
      return Object.assign(store, {
        write: (operation: PutOperation) => {
          if (operation.value !== null) write(operation);
        },
        delete: async (namespace: string[], key: string) => write({ namespace, key, value: null }),
      });
    },
  ],
  [
    "answers the reads of a batch in the order of their keys",
    ["BS-72"],
    broken((store) => {
      const carryOut = store.carryOut.bind(store);
      return {
        carryOut: (operations) => {
          const results = carryOut(operations);
          const isTick = operations.length === 5 && operations.some((item) => "value" in item);
          return isTick ? results.toReversed() : results;
        },
      };
    }),
  ],
  [
    "forgets in put, and not in batch, what it has answered before",
    ["BS-73"],
    () => {
      const store = new ReferenceStore();
      const find = store.find.bind(store);
      const put = store.put.bind(store);
      const remove = store.delete.bind(store);
      const answers = new Map<string, ReturnType<ReferenceStore["find"]>>();
      return Object.assign(store, {
        find: (operation: SearchOperation) => {
          const question = JSON.stringify(operation);
          const answer = answers.get(question) ?? find(operation);
          answers.set(question, answer);
          return structuredClone(answer);
        },
        put: async (...args: Parameters<typeof put>) => {
          answers.clear();
          await put(...args);
        },
        delete: async (...args: Parameters<typeof remove>) => {
          answers.clear();
          await remove(...args);
        },
      });
    },
  ],
];
