import { createDotKernel, pageBytes, rowAlignment, type DotKernel } from "./dot-kernel.js";

const floatBytes = 4;
const alignment = rowAlignment / floatBytes;
/** Below, the plain loop is fast enough, and each kernel reserves gigabytes of address space, though no memory. */
const kernelRows = 512;

/** Rows of one length, each a vector of length 1 or, without one, of zeros. */
export class VectorMatrix {
  #dimension = 0;
  /** The dimension, filled up with zeros to whole turns of the loops. */
  #stride = 0;
  #capacity = 0;
  #expected = 0;
  #values = new Float32Array(0);
  #kernel: DotKernel | undefined;
  #wantsKernel: boolean;

  /** @param options - `useKernel: false` keeps to the plain loop. @defaultValue true */
  constructor({ useKernel = true }: { readonly useKernel?: boolean } = {}) {
    this.#wantsKernel = useKernel;
  }

  /** Numbers a vector; 0 while there is none. */
  get dimension(): number {
    return this.#dimension;
  }

  /** Whether products are computed by WebAssembly. */
  get usesKernel(): boolean {
    return this.#kernel !== undefined;
  }

  /** Says how many rows there will be at least, so that room for them is made once. */
  expect(rows: number): void {
    this.#expected = Math.max(this.#expected, rows);
  }

  row(at: number): Float32Array {
    const start = at * this.#stride;
    return this.#values.subarray(start, start + this.#dimension);
  }

  /** Sets a row; a vector of another length, or without a direction, counts as none. The first vector fixes the length. */
  set(at: number, vector: ArrayLike<number>): void {
    if (this.#dimension === 0) {
      if (vector.length === 0) return;
      this.#dimension = vector.length;
      this.#stride = Math.ceil(vector.length / alignment) * alignment;
    }
    if (at >= this.#capacity) this.#grow(at + 1);
    const start = at * this.#stride;
    this.#values.fill(0, start, start + this.#stride);
    if (vector.length !== this.#dimension) return;
    const scale = unitScale(vector);
    if (scale === 0) return;
    for (let place = 0; place < vector.length; place += 1) {
      this.#values[start + place] = (vector[place] ?? 0) * scale;
    }
  }

  /**
   * The cosine similarity of each of the first `count` rows to a vector.
   *
   * @returns undefined when the vector has another length than the rows, or no direction.
   */
  similarities(vector: readonly number[], count: number): Float32Array | undefined {
    if (this.#dimension === 0 || vector.length !== this.#dimension) return undefined;
    const scale = unitScale(vector);
    if (scale === 0) return undefined;
    const query = new Float32Array(this.#stride);
    for (const [at, value] of vector.entries()) query[at] = value * scale;
    // Rows that were never set, after the last vector, are none.
    const held = Math.min(count, this.#capacity);
    const products = new Float32Array(count);
    if (this.#kernel === undefined) this.#multiply(query, products, held);
    else this.#multiplyByKernel(this.#kernel, query, products, held);
    return products;
  }

  #multiply(query: Float32Array, products: Float32Array, count: number): void {
    const values = this.#values;
    let row = 0;
    for (let at = 0; at < count; at += 1) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let place = 0; place < query.length; place += 4) {
        a += (values[row] ?? 0) * (query[place] ?? 0);
        b += (values[row + 1] ?? 0) * (query[place + 1] ?? 0);
        c += (values[row + 2] ?? 0) * (query[place + 2] ?? 0);
        d += (values[row + 3] ?? 0) * (query[place + 3] ?? 0);
        row += 4;
      }
      products[at] = a + b + (c + d);
    }
  }

  #multiplyByKernel(
    { memory, dot }: DotKernel,
    query: Float32Array,
    products: Float32Array,
    count: number,
  ): void {
    const rowBytes = this.#stride * floatBytes;
    const queryAt = this.#capacity * rowBytes;
    const productsAt = queryAt + rowBytes;
    new Float32Array(memory.buffer, queryAt, this.#stride).set(query);
    dot(queryAt, 0, productsAt, count, rowBytes);
    products.set(new Float32Array(memory.buffer, productsAt, count));
  }

  /** Rows come first in the memory, then room for a query and a product a row. */
  #bytesFor(capacity: number): number {
    return (capacity * (this.#stride + 1) + this.#stride) * floatBytes;
  }

  #grow(rows: number): void {
    const capacity = Math.max(64, rows, this.#expected, Math.ceil(this.#capacity * 1.5));
    if (capacity > kernelRows && this.#growKernel(capacity)) return;
    const values = new Float32Array(capacity * this.#stride);
    values.set(this.#values.subarray(0, this.#capacity * this.#stride));
    this.#kernel = undefined;
    this.#use(values, capacity);
  }

  #use(values: Float32Array<ArrayBuffer>, capacity: number): void {
    // A kernel's memory has held products and queries where rows are now.
    values.fill(0, this.#capacity * this.#stride);
    this.#values = values;
    this.#capacity = capacity;
  }

  /** Whether the rows are in a kernel's memory now. */
  #growKernel(capacity: number): boolean {
    if (!this.#wantsKernel) return false;
    const bytes = this.#bytesFor(capacity);
    const length = capacity * this.#stride;
    if (this.#kernel === undefined) {
      const kernel = createDotKernel(bytes);
      this.#wantsKernel = kernel !== undefined;
      if (kernel === undefined) return false;
      const values = new Float32Array(kernel.memory.buffer, 0, length);
      values.set(this.#values);
      this.#kernel = kernel;
      this.#use(values, capacity);
      return true;
    }
    const { memory } = this.#kernel;
    try {
      memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / pageBytes));
    } catch {
      this.#wantsKernel = false;
      return false;
    }
    this.#use(new Float32Array(memory.buffer, 0, length), capacity);
    return true;
  }
}

/** What makes a vector one of length 1; 0 when it has no direction. */
function unitScale(vector: ArrayLike<number>): number {
  let squares = 0;
  for (let at = 0; at < vector.length; at += 1) squares += (vector[at] ?? 0) ** 2;
  return squares > 0 && squares < Number.POSITIVE_INFINITY ? 1 / Math.sqrt(squares) : 0;
}
