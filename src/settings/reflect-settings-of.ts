import type { AstrocyteConfig } from "../config/schema.js";
import type { ReflectSettings } from "../pipeline/reflect/reflect-settings.js";

/** The settings of the stages of reflect, from the configuration document. */
export function reflectSettingsOf(config: AstrocyteConfig): ReflectSettings {
  const { agentic_reflect: agent, adversarial_defense: defense, homeostasis } = config;
  const { skepticism, literalism, empathy } = config.defaults;
  return {
    dispositions: { skepticism, literalism, empathy },
    evidenceTokens: homeostasis.recall_max_tokens || undefined,
    agent: agent.enabled
      ? {
          maxTurns: agent.max_iterations,
          searchSize: agent.recall_step_max_results,
          maxEvidence: agent.max_evidence_pool_size,
        }
      : undefined,
    abstention: { isEnabled: defense.abstention_enabled, baseFloor: defense.abstention_floor },
    premises: defense.premise_verification_enabled
      ? { minConfidence: defense.premise_verification_min_confidence }
      : undefined,
    warnsOfPremises: defense.adversarial_prompt_enabled,
    showsAuthority: config.recall_authority.apply_to_reflect,
  };
}
