import type {
  AccessGrant,
  ActorIdentity,
  AstrocyteContext,
  AstrocyteErrorCode,
  Completion,
  ContentPart,
  Dispositions,
  Document,
  DocumentFilters,
  DocumentHit,
  EngineCapabilities,
  Entity,
  EntityCandidateMatch,
  EntityLink,
  FilterName,
  ForgetRequest,
  ForgetResult,
  GraphHit,
  HealthStatus,
  HttpClientContext,
  LLMCapabilities,
  LLMProvider,
  MemoryEntityAssociation,
  MemoryHit,
  MemoryLink,
  Message,
  Metadata,
  MetadataValue,
  PipelineSpec,
  RecallRequest,
  RecallResult,
  RecallTrace,
  ReflectRequest,
  ReflectResult,
  RetainRequest,
  RetainResult,
  TimeRange,
  Timestamp,
  TokenUsage,
  ToolCall,
  ToolDefinition,
  TransportCapabilities,
  VectorFilters,
  VectorHit,
  VectorItem,
  VectorStore,
} from "astrocyte";
import {
  AstrocyteError,
  fromWire,
  isProvider,
  recallResultSchema,
  toWire,
  type WireValue,
} from "astrocyte";
import { describe, expectTypeOf, it } from "vitest";

interface Shapes {
  accessGrant: AccessGrant;
  actorIdentity: ActorIdentity;
  astrocyteContext: AstrocyteContext;
  completion: Completion;
  contentPart: ContentPart;
  dispositions: Dispositions;
  document: Document;
  documentFilters: DocumentFilters;
  documentHit: DocumentHit;
  engineCapabilities: EngineCapabilities;
  entity: Entity;
  entityCandidateMatch: EntityCandidateMatch;
  entityLink: EntityLink;
  forgetRequest: ForgetRequest;
  forgetResult: ForgetResult;
  graphHit: GraphHit;
  healthStatus: HealthStatus;
  httpClientContext: HttpClientContext;
  llmCapabilities: LLMCapabilities;
  memoryEntityAssociation: MemoryEntityAssociation;
  memoryHit: MemoryHit;
  memoryLink: MemoryLink;
  message: Message;
  metadata: Metadata;
  pipelineSpec: PipelineSpec;
  recallRequest: RecallRequest;
  recallResult: RecallResult;
  recallTrace: RecallTrace;
  reflectRequest: ReflectRequest;
  reflectResult: ReflectResult;
  retainRequest: RetainRequest;
  retainResult: RetainResult;
  tokenUsage: TokenUsage;
  toolCall: ToolCall;
  toolDefinition: ToolDefinition;
  transportCapabilities: TransportCapabilities;
  vectorFilters: VectorFilters;
  vectorHit: VectorHit;
  vectorItem: VectorItem;
}

type IsAny<T> = 0 extends 1 & T ? true : false;
type IsUnknown<T> = IsAny<T> extends true ? false : unknown extends T ? true : false;
type Deeper = { 6: 5; 5: 4; 4: 3; 3: 2; 2: 1; 1: 0; 0: 0 };

/** The paths below `T` where the type is `any` or `unknown`. */
type Loose<T, Path extends string, Depth extends keyof Deeper = 6> =
  IsAny<T> extends true
    ? Path
    : IsUnknown<T> extends true
      ? Path
      : Depth extends 0
        ? never
        : T extends readonly (infer Item)[]
          ? Loose<Item, `${Path}[]`, Deeper[Depth]>
          : T extends object
            ? {
                [Key in keyof T & string]-?: Loose<T[Key], `${Path}.${Key}`, Deeper[Depth]>;
              }[keyof T & string]
            : never;

type OptionalKeys<T> = {
  [Key in keyof T]-?: undefined extends T[Key] ? Key : never;
}[keyof T];
type RequiredKeys<T> = Exclude<keyof T, OptionalKeys<T>>;

describe("shapes", () => {
  it("are exact all the way down", () => {
    expectTypeOf<Loose<Shapes, "shapes">>().toBeNever();
  });

  it("would be caught otherwise", () => {
    // oxlint-disable-next-line typescript/no-explicit-any -- the subject
    type Careless = { list: { deep?: any }[]; other: unknown; fine: string };
    expectTypeOf<Loose<Careless, "x">>().toEqualTypeOf<"x.list[].deep" | "x.other">();
  });

  it("require what has no default, and fill in the rest", () => {
    expectTypeOf<RequiredKeys<VectorItem>>().toEqualTypeOf<"id" | "bankId" | "vector" | "text">();
    expectTypeOf<RequiredKeys<VectorHit>>().toEqualTypeOf<"id" | "text" | "score">();
    expectTypeOf<RequiredKeys<VectorFilters>>().toBeNever();
    expectTypeOf<RequiredKeys<MemoryHit>>().toEqualTypeOf<"text" | "score">();
    expectTypeOf<RequiredKeys<RecallTrace>>().toBeNever();
    expectTypeOf<RequiredKeys<RecallRequest>>().toEqualTypeOf<
      "query" | "bankId" | "maxResults" | "includeSources"
    >();
    expectTypeOf<RequiredKeys<RecallResult>>().toEqualTypeOf<
      "hits" | "totalAvailable" | "truncated" | "topSemanticScore"
    >();
    expectTypeOf<RequiredKeys<RetainRequest>>().toEqualTypeOf<
      "content" | "bankId" | "contentType"
    >();
    expectTypeOf<RequiredKeys<RetainResult>>().toEqualTypeOf<
      "stored" | "deduplicated" | "curated"
    >();
    expectTypeOf<RequiredKeys<ReflectResult>>().toEqualTypeOf<"answer">();
    expectTypeOf<RequiredKeys<ForgetRequest>>().toEqualTypeOf<"bankId">();
  });

  it("hold plain values", () => {
    expectTypeOf<MetadataValue>().toEqualTypeOf<string | number | boolean | null>();
    expectTypeOf<Timestamp>().toEqualTypeOf<string>();
    expectTypeOf<TimeRange>().toEqualTypeOf<[string, string]>();
    expectTypeOf<VectorItem["occurredAt"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<AccessGrant["permissions"][number]>().toEqualTypeOf<
      "read" | "write" | "forget" | "admin" | "*"
    >();
    expectTypeOf<ActorIdentity["type"]>().toEqualTypeOf<"user" | "agent" | "service" | "team">();
    expectTypeOf<Message["content"]>().toEqualTypeOf<string | ContentPart[]>();
  });

  it("refuse wrong values", () => {
    // @ts-expect-error a nested value is no metadata
    const nested: Metadata = { user: { name: "x" } };
    // @ts-expect-error a Date is no timestamp
    const dated: VectorFilters = { asOf: new Date() };
    expectTypeOf(nested).not.toBeAny();
    expectTypeOf(dated).not.toBeAny();
    expectTypeOf<EngineCapabilities>().toEqualTypeOf<Readonly<EngineCapabilities>>();
    expectTypeOf<LLMCapabilities>().toEqualTypeOf<Readonly<LLMCapabilities>>();
    expectTypeOf<TransportCapabilities>().toEqualTypeOf<Readonly<TransportCapabilities>>();
  });
});

describe("functions", () => {
  it("read a wire value as its shape", () => {
    expectTypeOf(fromWire(recallResultSchema, {})).toEqualTypeOf<RecallResult>();
    expectTypeOf(toWire(recallResultSchema, {})).toEqualTypeOf<WireValue>();
  });

  it("narrow", () => {
    const value: unknown = {};
    if (isProvider(value, "VectorStore")) expectTypeOf(value).toEqualTypeOf<VectorStore>();
    if (isProvider(value, "LLMProvider")) expectTypeOf(value).toEqualTypeOf<LLMProvider>();
    if (AstrocyteError.isInstance(value)) {
      expectTypeOf(value.code).toEqualTypeOf<AstrocyteErrorCode>();
    }
  });

  it("name every filter but the bank", () => {
    expectTypeOf<FilterName>().toEqualTypeOf<Exclude<keyof VectorFilters, "bankId">>();
    expectTypeOf<VectorStore["spiVersion"]>().toEqualTypeOf<1>();
  });
});
