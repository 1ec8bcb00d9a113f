import { describe, expect, it } from "vitest";
import * as z from "zod";
import { valueAt } from "../../src/config/document.js";
import { unwrapSchema } from "../../src/config/fit-document.js";
import { revealSecrets } from "../../src/config/hide-secrets.js";
import { parseConfig } from "../../src/config/parse-config.js";
import { configSchema } from "../../src/config/schema.js";
import { contractRows, refusedRows } from "./contract-rows.js";

/** What an entry needs beside the value under test. */
const companions: Readonly<Record<string, object>> = { sources: { type: "webhook" } };

function documentWith(path: string, value: unknown): Record<string, unknown> {
  const keys = path.split(".");
  const section = keys[0] ?? "";
  return keys.toReversed().reduce<unknown>((inner, key) => {
    if (key !== "<id>") return { [key]: inner };
    return { "the-id": { ...companions[section], ...(inner as object) } };
  }, value) as Record<string, unknown>;
}

const parse = (document: Record<string, unknown>) => parseConfig(document, "config");
const plain = (value: unknown) => revealSecrets({ value })["value"];
const pathIn = (path: string) => path.replace("<id>", "the-id");

/** Dotted paths of what a document may say, down to where keys or values are the document's own. */
function leafPaths(wrapped: z.ZodType, path: string): string[] {
  const schema = unwrapSchema(wrapped);
  const within = (key: string) => (path === "" ? key : `${path}.${key}`);
  // A bank's sections have the keys of the global ones.
  if (schema instanceof z.ZodObject && !/^banks\.<id>\.\w/.test(path)) {
    return Object.entries<z.ZodType>(schema.shape).flatMap(([key, item]) =>
      leafPaths(item, within(key)),
    );
  }
  const isNamed = ["banks", "agents", "sources", "extraction_profiles"].includes(path);
  return isNamed && schema instanceof z.ZodRecord
    ? leafPaths(schema.valueType as z.ZodType, within("<id>"))
    : [path];
}

describe("the document", () => {
  it("has a row for every key, and no other", () => {
    const paths = [...contractRows, ...refusedRows].map(([path]) => path);
    expect(paths.toSorted()).toEqual(leafPaths(configSchema, "").toSorted());
  });

  it.each(contractRows)("CFG-1, CFG-13: %s has its default", (path, usual) => {
    expect(valueAt(parse({}), pathIn(path))).toEqual(usual);
  });

  it.each(contractRows)("%s takes another value", (path, _usual, right) => {
    const value = plain(valueAt(parse(documentWith(path, right)), pathIn(path)));
    const expected = typeof right === "string" ? right.trim().toLowerCase() : right;
    expect({ value }).toMatchObject({ value: expected });
  });

  it.each(contractRows.filter(([, , , wrong]) => wrong !== undefined))(
    "%s refuses a wrong value and says where",
    (path, _usual, _right, wrong) => {
      expect(() => parse(documentWith(path, wrong))).toThrow(
        expect.objectContaining({
          code: "ASTROCYTE_CONFIG",
          message: expect.stringMatching(
            new RegExp(
              `^config: (${pathIn(path)}|${pathIn(path).replace(".extraction", ": extraction")})`,
            ),
          ),
        }),
      );
    },
  );

  it.each(refusedRows)("%s is refused while nothing enforces it", (path, asked) => {
    expect(() => parse(documentWith(path, asked))).toThrow(
      `${path}: this version does not enforce it`,
    );
    expect(() => parse(documentWith(path, null))).not.toThrow();
  });

  it("describes every key", () => {
    const undescribed = (schema: z.ZodType, path: string): string[] => {
      const inner = unwrapSchema(schema);
      const missing = schema.description === undefined && path !== "" ? [path] : [];
      if (!(inner instanceof z.ZodObject)) return missing;
      return [
        ...missing,
        ...Object.entries<z.ZodType>(inner.shape).flatMap(([key, item]) =>
          undescribed(item, `${path}.${key}`),
        ),
      ];
    };
    expect(undescribed(configSchema, "")).toEqual([]);
  });

  it("takes a partial benchmark block from the middle one", () => {
    const { low } = parse({ benchmark_preset: { low: { candidate_limit: 1 } } }).benchmark_preset;
    expect(low).toMatchObject({ candidate_limit: 1, rerank_top_k: 30, max_tokens: 8192 });
  });

  it.each(["AGE", " age "])("refuses the graph store %j", (graph_store) => {
    expect(() => parse({ graph_store })).toThrow("graph_store: Apache AGE is not supported");
  });

  it("takes a blank name as none", () => {
    expect(parse({ provider: "", vector_store: "  ", profile: "" })).toMatchObject({
      provider: undefined,
      vector_store: undefined,
      profile: undefined,
    });
  });
});
