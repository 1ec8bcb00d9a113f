import { Worker } from "node:worker_threads";
import { ClosedError, ProviderUnavailableError } from "astrocyte";
import * as z from "zod";

/** What the thread is started with. Everything here is cloned into it. */
export interface EngineSource {
  /** URL of the module that exports `createEmbedder`. */
  readonly engineUrl: string;
  /** The weights package's manifest: file paths and limits. */
  readonly model: object;
}

/** `bulk` jobs run one after the other; `interactive` ones do not wait for them. */
export type Lane = "bulk" | "interactive";

interface Job {
  readonly texts: readonly string[];
  readonly lane: Lane;
  readonly resolve: (vectors: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** The caller has left; the answer is thrown away. */
  abandoned: boolean;
}

const replySchema = z.object({
  id: z.int(),
  vectors: z.unknown().optional(),
  reason: z.string().optional(),
});

/**
 * Plain JavaScript, because a worker cannot load this package's TypeScript in development, and only dynamic imports,
 * so that it runs as a script and as a module.
 */
const threadSource = `
import("node:worker_threads").then(async ({ parentPort, workerData }) => {
  const { createEmbedder } = await import(workerData.engineUrl);
  const embedder = await createEmbedder({ model: workerData.model });
  parentPort.on("message", async ({ id, texts }) => {
    try {
      parentPort.postMessage({ id, vectors: await embedder.embed(texts) });
    } catch (error) {
      parentPort.postMessage({ id, reason: String(error) });
    }
  });
});
`;

/**
 * Runs the embedding engine in a thread of its own, so that a forward pass (up to 0.4 s for a full window) never blocks
 * the caller's event loop. The thread starts with the first job, does not keep the process alive when idle, and is
 * started anew after a crash.
 *
 * The engine itself spreads a job of 24 texts or more over further threads, each with the model in its memory: hence
 * one bulk job at a time.
 */
export class EngineThread {
  readonly #name: string;
  readonly #source: EngineSource;
  readonly #sent = new Map<number, Job>();
  #waiting: Job[] = [];
  #thread: Worker | undefined;
  #nextId = 0;
  #closed = false;

  /** @param name - The provider's name, for errors. */
  constructor(name: string, source: EngineSource) {
    this.#name = name;
    this.#source = source;
  }

  /**
   * The engine's answer for the texts, unchecked.
   *
   * @throws ProviderUnavailableError when the engine fails, ClosedError after `close()`. An abort rejects at once; a
   *   job that is already with the engine is finished and thrown away.
   */
  async embed(
    texts: readonly string[],
    { lane, signal }: { readonly lane: Lane; readonly signal?: AbortSignal | undefined },
  ): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.#closed) throw new ClosedError(this.#name);
    const left = new AbortController();
    try {
      return await new Promise<unknown>((resolve, reject) => {
        const job: Job = { texts, lane, resolve, reject, abandoned: false };
        signal?.addEventListener("abort", () => this.#abandon(job, signal), {
          once: true,
          signal: left.signal,
        });
        this.#waiting.push(job);
        this.#dispatch();
      });
    } finally {
      left.abort();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const thread = this.#thread;
    this.#fail(() => new ClosedError(this.#name));
    await thread?.terminate();
  }

  #abandon(job: Job, signal: AbortSignal): void {
    job.abandoned = true;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== job);
    job.reject(signal.reason);
    this.#keepAliveWhileAwaited();
  }

  #dispatch(): void {
    const held: Job[] = [];
    let bulkIsBusy = [...this.#sent.values()].some((job) => job.lane === "bulk");
    for (const job of this.#waiting) {
      if (job.lane === "bulk" && bulkIsBusy) {
        held.push(job);
        continue;
      }
      bulkIsBusy ||= job.lane === "bulk";
      this.#send(job);
    }
    this.#waiting = held;
    this.#keepAliveWhileAwaited();
  }

  #send(job: Job): void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#thread ??= this.#start();
    this.#sent.set(id, job);
    this.#thread.postMessage({ id, texts: job.texts }, []);
  }

  #start(): Worker {
    const thread = new Worker(threadSource, {
      eval: true,
      // Flags of the host (loaders, --input-type) are of no use to a plain script.
      execArgv: [],
      workerData: this.#source,
    });
    thread.on("message", (reply: unknown) => this.#receive(reply));
    thread.on("error", (cause) => {
      if (thread === this.#thread) {
        this.#fail(() => new ProviderUnavailableError(this.#name, "its thread failed", { cause }));
      }
    });
    thread.on("exit", (exitCode) => {
      if (thread === this.#thread) {
        this.#fail(
          () => new ProviderUnavailableError(this.#name, `its thread ended with ${exitCode}`),
        );
      }
    });
    return thread;
  }

  #receive(message: unknown): void {
    const { id, vectors, reason } = replySchema.parse(message);
    const job = this.#sent.get(id);
    this.#sent.delete(id);
    if (reason === undefined) job?.resolve(vectors);
    else job?.reject(new ProviderUnavailableError(this.#name, reason));
    this.#dispatch();
  }

  #fail(createError: () => Error): void {
    const jobs = [...this.#sent.values(), ...this.#waiting];
    this.#sent.clear();
    this.#waiting = [];
    this.#thread = undefined;
    for (const job of jobs) job.reject(createError());
  }

  #keepAliveWhileAwaited(): void {
    const awaited =
      this.#waiting.length > 0 || [...this.#sent.values()].some((job) => !job.abandoned);
    if (awaited) this.#thread?.ref();
    else this.#thread?.unref();
  }
}
