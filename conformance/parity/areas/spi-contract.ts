import { vectorHitSchema, vectorItemSchema, fromWire } from "astrocyte";
import * as z from "zod";
import { NotMapped, outcomeOf, type AreaRunner } from "../area-runner.js";
import { compareError } from "./spi-contract/errors.js";
import { compareProtocol, checkVersion } from "./spi-contract/protocols.js";
import { compareShape } from "./spi-contract/shapes.js";

const nameSchema = z.object({ name: z.string(), module: z.string().optional() });

function validate(name: unknown): unknown {
  switch (name) {
    case "vector-item-blank-text-ok":
      return outcomeOf(() => {
        fromWire(vectorItemSchema, { id: "a", bank_id: "b", vector: [1], text: " " });
        return true;
      });
    case "vector-hit-negative":
      return outcomeOf(() => fromWire(vectorHitSchema, { id: "a", text: "t", score: -0.1 }));
    default:
      return new NotMapped(`no counterpart of ${String(name)}`);
  }
}

/** Fields, defaults and errors of the portable contract, and the checks of the provider interfaces. */
export const spiContract: AreaRunner = {
  area: "spi_contract",
  run: ({ category, input, expected }) => {
    switch (category) {
      case "dataclass":
        return compareShape(nameSchema.parse(input), expected);
      case "error":
        return compareError(nameSchema.parse(input).name, expected);
      case "protocol":
        return compareProtocol(nameSchema.parse(input).name, expected);
      case "spi_version":
        return checkVersion(input);
      case "type_validation":
        return validate(input["case"]);
      default:
        return new NotMapped(`${category} differs in each language`);
    }
  },
};
