import type { Scenario } from "../scenario.js";

/** A setting of a scenario's configuration by its dotted path; undefined where nothing is said. */
export function settingOf({ setup }: Pick<Scenario, "setup">, path: string): unknown {
  let value: unknown = setup.config;
  for (const key of path.split(".")) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}
