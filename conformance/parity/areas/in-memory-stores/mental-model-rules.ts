import * as z from "zod";

const operationSchema = z.looseObject({ op: z.string() });
const scriptSchema = z.object({ ops: z.array(operationSchema) });
const resultsSchema = z.object({ results: z.array(z.looseObject({ result: z.unknown() })) });
const summarySchema = z.object({
  applied: z.array(z.unknown()),
  skipped: z.array(z.unknown()),
  changed: z.boolean(),
});
const updateSchema = z.tuple([z.int(), summarySchema]);

/** What each operation on a document must have besides its name, in the contract. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  append_block: ["section_id", "block"],
  insert_block: ["section_id", "index", "block"],
  replace_block: ["section_id", "index", "block"],
  remove_block: ["section_id", "index"],
  add_section: ["heading"],
  remove_section: ["section_id"],
  replace_section_blocks: ["section_id"],
  rename_section: ["section_id", "new_heading"],
};

const writes = ["upsert", "update_via_ops", "refresh"];

function modelIn(operation: Readonly<Record<string, unknown>>): string | undefined {
  return z.object({ model_id: z.string() }).safeParse(operation["model"]).data?.model_id;
}

function countOperations(operation: Readonly<Record<string, unknown>>): number {
  return z.array(z.unknown()).safeParse(operation["operations_json"]).data?.length ?? 0;
}

const namedSchema = z.looseObject({ op: z.string() });

function isMalformed(operation: unknown): boolean {
  const { data } = namedSchema.safeParse(operation);
  if (data === undefined || !Object.hasOwn(fieldsOf, data.op)) return true;
  return fieldsOf[data.op]?.some((name) => data[name] === undefined) ?? true;
}

/** Names of the operations that a recording leaves out for being malformed. */
function malformedIn(operation: z.infer<typeof operationSchema>): string[] {
  const { data = [] } = z.array(z.unknown()).safeParse(operation["operations_json"]);
  return data.filter(isMalformed).map((item) => String(namedSchema.safeParse(item).data?.op));
}

/** An update without the words of its reasons, which are each implementation's own. */
function withoutReasons(result: unknown): unknown {
  const parsed = updateSchema.safeParse(result);
  if (!parsed.success) return result;
  const [revision, summary] = parsed.data;
  const skipped = summary.skipped.map((item) => {
    const { op, reason } = z.looseObject({ op: z.string() }).parse(item);
    return { op, has_reason: typeof reason === "string" };
  });
  return [revision, { ...summary, skipped }];
}

/** Of an update, which malformed operations were left out with a reason. */
function malformedSkipped(result: unknown, malformed: readonly string[]): unknown {
  const parsed = updateSchema.safeParse(result);
  if (!parsed.success) return result;
  return parsed.data[1].skipped
    .map((item) => z.looseObject({ op: z.string(), reason: z.string() }).parse(item).op)
    .filter((op) => malformed.includes(op));
}

/** The revision that a step left behind. */
function revisionAfter(result: unknown): number | undefined {
  const schemas = [
    z.int(),
    z.object({ revision: z.int() }).transform(({ revision }) => revision),
    updateSchema.transform(([revision]) => revision),
  ];
  return z.union(schemas).safeParse(result).data;
}

const dropsAlone = "D-21: a malformed operation is left out with a reason, and voids no other";
const deletesAll = "erasure: deleting a model deletes its replaced revisions";

export interface Due {
  readonly actual: unknown;
  readonly expected: unknown;
  readonly reason: string;
}

/**
 * What is due where a script has malformed operations, which the reference drops without a word together with the valid ones
 * beside them, or asks for the revisions of a model that was deleted, which it keeps. Undefined for any other script. After a
 * list of valid and malformed operations the models differ, so that a script is compared up to there.
 */
export function mentalModelsDue(
  input: unknown,
  expected: unknown,
  actual: unknown,
): Due | undefined {
  const { ops } = scriptSchema.parse(input);
  const recorded = resultsSchema.safeParse(expected);
  const own = resultsSchema.safeParse(actual);
  if (!recorded.success || !own.success) return undefined;
  const reasons = new Set<string>();
  /** How many revisions of each model were replaced since it was made. */
  const replaced = new Map<string, number>();
  const due: unknown[] = [];
  const given: unknown[] = [];
  for (const [index, operation] of ops.entries()) {
    const result = recorded.data.results[index]?.result;
    const ownResult = own.data.results[index]?.result;
    const key = JSON.stringify([operation["bank_id"], operation["model_id"] ?? modelIn(operation)]);
    const malformed = malformedIn(operation);
    const update = updateSchema.safeParse(result);
    if (malformed.length > 0 && update.success) {
      reasons.add(dropsAlone);
      if (malformed.length < countOperations(operation)) {
        due.push(malformed);
        given.push(malformedSkipped(ownResult, malformed));
        break;
      }
      const skipped = malformed.map((op) => ({ op, reason: "" }));
      due.push(withoutReasons([update.data[0], { ...update.data[1], skipped }]));
      given.push(withoutReasons(ownResult));
      continue;
    }
    if (operation.op === "delete") replaced.set(key, 0);
    else if (operation.op === "revision_history") {
      const history = z.array(z.unknown()).parse(result);
      const kept = history.slice(history.length - (replaced.get(key) ?? 0));
      if (kept.length < history.length) reasons.add(deletesAll);
      due.push(kept);
      given.push(ownResult);
      continue;
    } else if (writes.includes(operation.op)) {
      const revision = revisionAfter(result);
      if (revision !== undefined) replaced.set(key, revision - 1);
    }
    due.push(withoutReasons(result));
    given.push(withoutReasons(ownResult));
  }
  if (reasons.size === 0) return undefined;
  return { actual: given, expected: due, reason: [...reasons].join("; ") };
}
