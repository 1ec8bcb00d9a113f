import type { AstrocyteConfig } from "../config/schema.js";
import type { ReflectSettings } from "../pipeline/reflect/reflect-settings.js";

/** The settings of the stages of reflect, from the configuration document. */
export function reflectSettingsOf(_config: AstrocyteConfig): ReflectSettings {
  return {};
}
