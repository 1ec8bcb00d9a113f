import type { Terminal } from "./terminal.js";

const width = 30;

export interface ProgressBar {
  update(done: number, total: number): void;
  /** Leaves the line to what is written next. */
  end(): void;
}

/** A bar on one line of a terminal; nothing where the output is no terminal. */
export function createProgressBar(label: string, terminal: Terminal): ProgressBar {
  let last = "";
  return {
    update(done, total) {
      if (!terminal.isInteractive) return;
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const filled = Math.round(share * width);
      const bar = `${"#".repeat(filled)}${"-".repeat(width - filled)}`;
      const percent = Math.floor(share * 100);
      // Redrawn only when it looks different, since every memory reports itself.
      const drawn = `${bar} ${percent}%`;
      if (drawn === last) return;
      last = drawn;
      terminal.writeError(`\r${label} [${bar}] ${percent}% of ${total}`);
    },
    end() {
      if (last !== "") terminal.writeError("\n");
    },
  };
}
