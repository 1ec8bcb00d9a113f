import { assertProvider, missingMethods, type ProtocolName } from "astrocyte";
import {
  createInMemoryDocumentStore,
  createInMemoryEngine,
  createInMemoryGraphStore,
  createInMemoryVectorStore,
  createMockLLM,
} from "astrocyte/testing";
import * as z from "zod";
import { NotMapped, outcomeOf, Projection } from "../../area-runner.js";

/** An implementation of each interface, with every optional method. */
const witnesses: Readonly<Record<string, () => object>> = {
  DocumentStore: createInMemoryDocumentStore,
  EngineProvider: createInMemoryEngine,
  GraphStore: createInMemoryGraphStore,
  LLMProvider: createMockLLM,
  VectorStore: createInMemoryVectorStore,
};

function isProtocol(name: string): name is ProtocolName {
  return Object.hasOwn(witnesses, name);
}

const recordedSchema = z.object({ methods: z.array(z.object({ name: z.string() })) });

/** Left to engines that can do it. */
const withoutWitness = new Set(["EngineProvider.reflect"]);

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Which methods an interface of the reference has here, in camel case, `capabilities` as a record. */
export function compareProtocol(name: string, expected: unknown): unknown {
  const witness = Object.hasOwn(witnesses, name) ? witnesses[name]?.() : undefined;
  if (witness === undefined) return new NotMapped(`${name} has no counterpart`);
  const names = recordedSchema
    .parse(expected)
    .methods.map((method) => method.name)
    .filter((method) => !withoutWitness.has(`${name}.${method}`));
  return new Projection(
    names.filter((method) => Reflect.has(witness, camelCase(method))),
    names,
  );
}

/** The version check on a provider that has every required method. */
export function checkVersion(input: Readonly<Record<string, unknown>>): unknown {
  const protocol = z.string().parse(input["protocol"]);
  if (!isProtocol(protocol)) return new NotMapped(`${protocol} has no counterpart`);
  const methods = missingMethods(undefined, protocol).map((name) => [name, () => {}]);
  const provider: unknown = {
    ...Object.fromEntries(methods),
    capabilities: {},
    spiVersion: input["spi_version"],
  };
  return outcomeOf(() => {
    assertProvider(provider, protocol, "the provider");
    return input["spi_version"] ?? 1;
  });
}
