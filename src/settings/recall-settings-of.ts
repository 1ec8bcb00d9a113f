import type { AstrocyteConfig } from "../config/schema.js";
import type { RecallSettings } from "../pipeline/recall/recall-settings.js";

/** The settings of the stages of recall, from the configuration document. */
export function recallSettingsOf(_config: AstrocyteConfig): RecallSettings {
  return {};
}
