import * as fc from "fast-check";
import { expect } from "vitest";
import { ProviderUnavailableError } from "../../src/errors.js";
import type { CircuitBreaker, CircuitState, Permit } from "../../src/policy/circuit-breaker.js";

export const settings = {
  failureThreshold: 3,
  recoveryTimeoutMs: 100,
  halfOpenMaxCalls: 2,
  leaseMs: 70,
};

/** What the model drives: the circuit breaker, or a broken one that must be caught. */
export type Subject = Pick<CircuitBreaker, "state" | "acquire">;
export type CreateSubject = (clock: { now(): number; monotonic(): number }) => Subject;

/** What happened to a call, as the caller knows it. */
interface Call {
  readonly startedAtMs: number;
  readonly period: number;
  isAnswered: boolean;
}

/** The rules, told from the calls: a period ends with each change of state, and only its own calls have a say in it. */
class Model {
  nowMs = 0;
  period = 0;
  state: CircuitState = "closed";
  /** Failures since the last success, or since the circuit was closed. */
  failures = 0;
  openedAtMs = 0;
  readonly calls: Call[] = [];
  readonly visits: Map<string, number>;

  constructor(visits: Map<string, number>) {
    this.visits = visits;
  }

  enter(state: CircuitState): void {
    this.visit(`${this.state} to ${state}`);
    if (state === this.state) return;
    this.state = state;
    this.period += 1;
    if (state === "open") this.openedAtMs = this.nowMs;
    if (state === "closed") this.failures = 0;
  }

  pass(ms: number): void {
    this.nowMs += ms;
    const isOver = this.nowMs >= this.openedAtMs + settings.recoveryTimeoutMs;
    if (this.state === "open" && isOver) this.enter("half_open");
  }

  trialsInFlight(): number {
    return this.calls.filter(
      ({ period, isAnswered, startedAtMs }) =>
        period === this.period && !isAnswered && this.nowMs < startedAtMs + settings.leaseMs,
    ).length;
  }

  admits(): boolean {
    if (this.state === "half_open") return this.trialsInFlight() < settings.halfOpenMaxCalls;
    return this.state === "closed";
  }

  /** @returns whether the answer of this call still has a say. */
  answer(call: Call): boolean {
    const counts = !call.isAnswered && call.period === this.period;
    call.isAnswered = true;
    return counts;
  }

  visit(what: string): void {
    this.visits.set(what, (this.visits.get(what) ?? 0) + 1);
  }
}

export interface Real {
  readonly subject: Subject;
  readonly permits: Permit[];
  readonly clock: { nowMs: number };
}

type Command = fc.Command<Model, Real>;

function agree(model: Model, real: Real): void {
  model.visit(model.state);
  if (real.subject.state !== model.state) {
    expect.fail(`the state is ${real.subject.state} and should be ${model.state}`);
  }
}

function acquire(model: Model, real: Real): void {
  let permit: Permit | undefined;
  try {
    permit = real.subject.acquire();
  } catch (error) {
    if (!(error instanceof ProviderUnavailableError)) throw error;
  }
  if ((permit !== undefined) !== model.admits()) {
    expect.fail(`a call is ${permit === undefined ? "refused" : "admitted"} while ${model.state}`);
  }
  if (permit === undefined) return;
  real.permits.push(permit);
  model.calls.push({ startedAtMs: model.nowMs, period: model.period, isAnswered: false });
}

const acquireCommand: Command = {
  check: () => true,
  run: (model, real) => {
    acquire(model, real);
    agree(model, real);
  },
  toString: () => "acquire",
};

type Answer = keyof Permit;

const answerCommand = (answer: Answer, which: number): Command => ({
  check: ({ calls }) => calls.length > 0,
  run: (model, real) => {
    // The newest calls are the likeliest to be answered.
    const index = Math.max(0, model.calls.length - 1 - which);
    real.permits[index]?.[answer]();
    const call = model.calls[index];
    if (call !== undefined && model.answer(call)) {
      if (answer === "failure") model.failures += 1;
      const { state, failures } = model;
      if (answer === "abandon") model.enter(state);
      else if (answer === "success") {
        model.failures = 0;
        model.enter("closed");
      } else if (state === "half_open" || failures >= settings.failureThreshold)
        model.enter("open");
    }
    agree(model, real);
  },
  toString: () => `${answer} of call -${which + 1}`,
});

const passCommand = (ms: number): Command => ({
  check: () => true,
  run: (model, real) => {
    model.pass(ms);
    real.clock.nowMs = model.nowMs;
    agree(model, real);
  },
  toString: () => `${ms} ms pass`,
});

/** However many calls were left unanswered, one is admitted once recovery and lease are over. */
const recoverCommand: Command = {
  check: () => true,
  run: (model, real) => {
    model.pass(settings.recoveryTimeoutMs + settings.leaseMs);
    real.clock.nowMs = model.nowMs;
    expect(model.admits()).toBe(true);
    acquire(model, real);
    agree(model, real);
  },
  toString: () => "recovery and lease pass, then acquire",
};

const commands = fc.commands(
  [
    fc.constant(acquireCommand),
    fc.constant(acquireCommand),
    fc
      .tuple(fc.constantFrom<Answer>("failure", "success", "abandon"), fc.nat(3))
      .map((args) => answerCommand(...args)),
    fc.nat(3).map((which) => answerCommand("failure", which)),
    fc.constant(answerCommand("abandon", 0)),
    fc.constantFrom(1, 30, 70, 99, 100).map(passCommand),
    fc.constant(recoverCommand),
  ],
  { size: "max", maxCommands: 60 },
);

/** Compares a subject with the model in random sequences, and counts the states and edges that these visit. */
export function checkAgainstModel(create: CreateSubject, numRuns: number): Map<string, number> {
  const visits = new Map<string, number>();
  fc.assert(
    fc.property(commands, (sequence) => {
      const clock = { nowMs: 0 };
      const monotonic = (): number => clock.nowMs;
      fc.modelRun(
        () => ({
          model: new Model(visits),
          real: { subject: create({ now: monotonic, monotonic }), permits: [], clock },
        }),
        sequence,
      );
    }),
    { numRuns, seed: 7 },
  );
  return visits;
}
