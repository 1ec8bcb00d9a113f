import * as astrocyte from "astrocyte";
import * as z from "zod";
import { NotMapped, Projection } from "../../area-runner.js";

/** The portable shapes by the reference's class name. */
const shapes: Readonly<Record<string, z.ZodType>> = {
  AccessGrant: astrocyte.accessGrantSchema,
  ActorIdentity: astrocyte.actorIdentitySchema,
  AstrocyteContext: astrocyte.astrocyteContextSchema,
  Completion: astrocyte.completionSchema,
  ContentPart: astrocyte.contentPartSchema,
  Dispositions: astrocyte.dispositionsSchema,
  Document: astrocyte.documentSchema,
  DocumentFilters: astrocyte.documentFiltersSchema,
  DocumentHit: astrocyte.documentHitSchema,
  EngineCapabilities: astrocyte.engineCapabilitiesSchema,
  Entity: astrocyte.entitySchema,
  EntityCandidateMatch: astrocyte.entityCandidateMatchSchema,
  EntityLink: astrocyte.entityLinkSchema,
  ForgetRequest: astrocyte.forgetRequestSchema,
  ForgetResult: astrocyte.forgetResultSchema,
  GraphHit: astrocyte.graphHitSchema,
  HealthStatus: astrocyte.healthStatusSchema,
  HttpClientContext: astrocyte.httpClientContextSchema,
  LLMCapabilities: astrocyte.llmCapabilitiesSchema,
  MemoryEntityAssociation: astrocyte.memoryEntityAssociationSchema,
  MemoryHit: astrocyte.memoryHitSchema,
  MemoryLink: astrocyte.memoryLinkSchema,
  MentalModel: astrocyte.mentalModelSchema,
  Message: astrocyte.messageSchema,
  PipelineSpec: astrocyte.pipelineSpecSchema,
  RecallRequest: astrocyte.recallRequestSchema,
  RecallResult: astrocyte.recallResultSchema,
  RecallTrace: astrocyte.recallTraceSchema,
  ReflectRequest: astrocyte.reflectRequestSchema,
  ReflectResult: astrocyte.reflectResultSchema,
  RetainRequest: astrocyte.retainRequestSchema,
  RetainResult: astrocyte.retainResultSchema,
  TokenUsage: astrocyte.tokenUsageSchema,
  ToolCall: astrocyte.toolCallSchema,
  ToolDefinition: astrocyte.toolDefinitionSchema,
  TransportCapabilities: astrocyte.transportCapabilitiesSchema,
  VectorFilters: astrocyte.vectorFiltersSchema,
  VectorHit: astrocyte.vectorHitSchema,
  VectorItem: astrocyte.vectorItemSchema,
};

/** Fields of our own, which readers of the portable form ignore. */
const additions: Readonly<Record<string, readonly string[]>> = {
  ForgetResult: ["receipt"],
  MemoryHit: ["strategies", "explanation"],
  RecallResult: ["usage"],
  ReflectResult: ["usage"],
  RetainResult: ["memory_ids", "usage"],
};

const recordedSchema = z.object({
  fields: z.array(
    z.object({ name: z.string(), default: z.unknown(), factory: z.unknown() }).partial({
      default: true,
      factory: true,
    }),
  ),
});

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fieldsOf(schema: z.ZodType): Record<string, z.ZodType> {
  const inner = schema instanceof z.ZodReadonly ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject)) return {};
  const { shape } = z.object({ shape: z.record(z.string(), z.instanceof(z.ZodType)) }).parse(inner);
  return shape;
}

/** A field that may be absent, with what absence means; null and undefined are no default. */
function fieldOf(schema: z.ZodType) {
  const parsed = schema.safeParse(undefined);
  return { required: !parsed.success, default: parsed.success ? (parsed.data ?? null) : null };
}

/** Field names, which are required, and defaults; annotations are Python's own. */
export function compareShape(
  { name, module }: { readonly name: string; readonly module?: string | undefined },
  expected: unknown,
): unknown {
  const schema = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
  if (schema === undefined) return new NotMapped(`${module ?? ""}.${name} has no shape of its own`);
  const ours = Object.entries(fieldsOf(schema))
    .map(([key, field]) => [snakeCase(key), fieldOf(field)] as const)
    .filter(([key]) => !(additions[name] ?? []).includes(key));
  const recorded = recordedSchema.parse(expected).fields.map((field) => {
    const required = !("default" in field) && !("factory" in field);
    return [field.name, { required, default: field.default ?? field.factory ?? null }] as const;
  });
  return new Projection(Object.fromEntries(ours), Object.fromEntries(recorded));
}
