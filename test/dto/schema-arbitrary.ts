import { metadataSchema, timestampSchema } from "astrocyte";
import * as fc from "fast-check";
import * as z from "zod";

/** Keys that a careless map would lose or rename. */
const hostileKeys = fc.constantFrom(
  "constructor",
  "prototype",
  "lc",
  "toString",
  "hasOwnProperty",
  "camelCaseKey",
  "snake_case_key",
  "bankId",
  "X-Request-Id",
  "",
);
const mapKey = fc
  .oneof(hostileKeys, fc.string({ maxLength: 8 }))
  .filter((key) => key !== "__proto__");

const text = fc.string({ unit: "binary", maxLength: 20 });

// JSON writes -0 as 0.
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (value === 0 ? 0 : value));

const timestamp = fc
  .date({
    min: new Date("0001-01-02T00:00:00Z"),
    max: new Date("9999-12-30T00:00:00Z"),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

const metadata = fc.dictionary(mapKey, fc.oneof(text, number, fc.boolean(), fc.constant(null)), {
  maxKeys: 5,
});

const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 2 },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie("json"), { maxLength: 3 }),
    fc.dictionary(mapKey, tie("json"), { maxKeys: 3 }),
  ),
}));

function numberArbitrary(schema: z.ZodNumber): fc.Arbitrary<number> {
  const min = schema.minValue ?? -1e12;
  const max = schema.maxValue ?? 1e12;
  if (schema.isInt) {
    return fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) });
  }
  return number.filter((value) => schema.safeParse(value).success);
}

/** Values that a schema accepts, made from its definition. Optional fields are left out or given. */
export function arbitraryOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  if (schema === metadataSchema) return metadata;
  if (schema === timestampSchema) return timestamp;
  if (schema instanceof z.ZodString) {
    return fc.string({ unit: "binary", minLength: schema.minLength ?? 0, maxLength: 20 });
  }
  if (schema instanceof z.ZodNumber) return numberArbitrary(schema);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodArray) {
    return fc
      .array(arbitraryOf(schema.element as z.ZodType), { maxLength: 3 })
      .filter((items) => schema.safeParse(items).success);
  }
  if (schema instanceof z.ZodTuple) {
    return fc.tuple(...schema.def.items.map((item) => arbitraryOf(item as z.ZodType)));
  }
  if (schema instanceof z.ZodRecord) {
    return fc.dictionary(mapKey, arbitraryOf(schema.valueType as z.ZodType), { maxKeys: 3 });
  }
  if (schema instanceof z.ZodUnion) {
    return fc.oneof(...schema.options.map((option) => arbitraryOf(option as z.ZodType)));
  }
  if (schema instanceof z.ZodLazy) return json;
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return arbitraryOf(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<z.ZodType>(schema.shape);
    return fc.record(Object.fromEntries(fields.map(([key, field]) => [key, arbitraryOf(field)])), {
      requiredKeys: fields.filter(([, field]) => !field.isOptional()).map(([key]) => key),
    });
  }
  throw new Error(`Teach arbitraryOf the zod type "${schema.def.type}"`);
}
