/** The part of the host's WebAssembly that is used here; browsers, Node.js, Deno and Bun have it, an interpreter may not. */
declare const WebAssembly:
  | {
      readonly Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
      readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
      readonly Instance: new (
        module: object,
        imports: Readonly<Record<string, Readonly<Record<string, WasmMemory>>>>,
      ) => { readonly exports: { readonly dot: DotKernel["dot"] } };
    }
  | undefined;

interface WasmMemory {
  /** A new one after every `grow`; the one before is then empty. */
  readonly buffer: ArrayBuffer;
  /** @throws RangeError when there is no room. */
  readonly grow: (pages: number) => number;
}

/** Dot products of one vector with many, four lanes at a time, in a memory of its own. */
export interface DotKernel {
  readonly memory: WasmMemory;
  /**
   * All positions are in bytes, and `rowBytes` is a positive multiple of {@link rowAlignment}; `count` products are written from
   * `out`.
   */
  readonly dot: (query: number, rows: number, out: number, count: number, rowBytes: number) => void;
}

/** Bytes in a page of the memory. */
export const pageBytes = 65_536;
/** Bytes that one turn of the inner loop takes: sixteen 32-bit numbers. */
export const rowAlignment = 64;

type Part = number | readonly number[];

function bytesOf(...parts: readonly Part[]): number[] {
  return parts.flat();
}

/** An unsigned number as WebAssembly writes it: seven bits a byte, the low ones first. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

/** The same with a sign, for a number that has none. */
function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];
}

function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [bytes.length, ...bytes];
}

function section(id: number, ...parts: readonly Part[]): number[] {
  const content = bytesOf(...parts);
  return bytesOf(id, unsigned(content.length), content);
}

const i32 = 0x7f;
const v128 = 0x7b;
const block = [0x02, 0x40];
const loop = [0x03, 0x40];
const end = 0x0b;
const branchIf = (depth: number) => [0x0d, depth];
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, ...signed(value)];
const isZero = 0x45;
const isBelow = 0x49;
const add = 0x6a;
const subtract = 0x6b;
const addFloats = 0x92;
const storeFloat = [0x38, 2, 0];
const loadVector = (offset: number) => [0xfd, 0x00, 2, ...unsigned(offset)];
const zeroVector = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)];
const lane = (index: number) => [0xfd, 0x1f, index];
const addVectors = [0xfd, 0xe4, 0x01];
const multiplyVectors = [0xfd, 0xe6, 0x01];

const [query, rows, out, count, rowBytes, at, stop] = [0, 1, 2, 3, 4, 5, 6];
const sums = [7, 8, 9, 10];
const [sum0 = 7, sum1 = 8, sum2 = 9, sum3 = 10] = sums;

/** Adds the products of sixteen numbers to the four sums of four lanes. */
const addProducts = sums.flatMap((sum, part) =>
  bytesOf(
    get(sum),
    bytesOf(get(at), loadVector(16 * part), get(rows), loadVector(16 * part), multiplyVectors),
    addVectors,
    set(sum),
  ),
);

/** Opcodes as in the WebAssembly core specification 2.0, section 5.4. */
const code = bytesOf(
  bytesOf(block, get(count), isZero, branchIf(0)),
  loop,
  sums.flatMap((sum) => bytesOf(zeroVector, set(sum))),
  bytesOf(get(query), tee(at), get(rowBytes), add, set(stop)),
  loop,
  addProducts,
  bytesOf(get(rows), constant(rowAlignment), add, set(rows)),
  bytesOf(get(at), constant(rowAlignment), add, tee(at), get(stop), isBelow, branchIf(0)),
  end,
  bytesOf(get(sum0), get(sum1), addVectors, get(sum2), get(sum3), addVectors, addVectors),
  set(sum0),
  get(out),
  bytesOf(get(sum0), lane(0), get(sum0), lane(1), addFloats),
  bytesOf(get(sum0), lane(2), get(sum0), lane(3), addFloats, addFloats),
  storeFloat,
  bytesOf(get(out), constant(4), add, set(out)),
  bytesOf(get(count), constant(1), subtract, tee(count), branchIf(0)),
  bytesOf(end, end, end),
);
const locals = [2, 2, i32, 4, v128];
const parameters = [i32, i32, i32, i32, i32];
const program = bytesOf(
  [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  section(1, 1, 0x60, parameters.length, parameters, 0),
  section(2, 1, name("host"), name("memory"), 2, 0, 1),
  section(3, 1, 0),
  section(7, 1, name("dot"), 0, 0),
  section(10, 1, unsigned(locals.length + code.length), locals, code),
);

/**
 * @param bytes - Room in its memory at first.
 * @returns undefined where the host has no WebAssembly with SIMD, forbids it, or has no room.
 */
export function createDotKernel(bytes: number): DotKernel | undefined {
  if (typeof WebAssembly === "undefined") return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) });
    const module = new WebAssembly.Module(Uint8Array.from(program));
    const { exports } = new WebAssembly.Instance(module, { host: { memory } });
    return { memory, dot: exports.dot };
  } catch {
    return undefined;
  }
}
