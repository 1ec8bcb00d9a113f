import type { Logger } from "../logger.js";

/** Where a command's text goes. */
export interface Terminal {
  write(text: string): void;
  writeError(text: string): void;
}

/** Whole, in order, and without what would move a terminal's cursor. */
export function printable(text: string): string {
  return text.replace(/(?!\n)\p{Cc}/gu, " ");
}

const titles: Readonly<Record<string, string>> = {
  "astrocyte.config.ignored_settings": "without effect",
  "astrocyte.config.weakened_compliance_profile": "weaker than the compliance profile demands",
  "astrocyte.config.unset_environment_variable": "environment variable is not set",
};

/** Prints warnings as lines of standard error, and counts them. */
export function createWarningPrinter(terminal: Terminal): Logger & { readonly count: number } {
  let count = 0;
  return {
    get count() {
      return count;
    },
    warn(event, data = {}) {
      const details = "keys" in data ? String(data["keys"]).split(", ") : [JSON.stringify(data)];
      for (const detail of details) {
        count += 1;
        terminal.writeError(printable(`warning: ${titles[event] ?? event}: ${detail}\n`));
      }
    },
  };
}
