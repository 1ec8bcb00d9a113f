import type { AstrocyteConfig } from "../config/schema.js";
import type { RetainSettings } from "../pipeline/retain/retain-settings.js";

/** The settings of the stages of retain, from the configuration document. */
export function retainSettingsOf(_config: AstrocyteConfig): RetainSettings {
  return {};
}
