/** What a memory is, as bits of its flags. */
export const asksFlag = 1;
export const tellsTimeFlag = 2;
export const tellsNumberFlag = 4;
/** Set while the memory is there. */
export const liveFlag = 8;

/** No slot, no speaker. */
export const none = -1;

function grown<Column extends Float32Array | Float64Array | Int32Array | Uint8Array>(
  column: Column,
  larger: Column,
): Column {
  larger.set(column);
  return larger;
}

/** What is known of each memory, one typed array a property, by slot. Entries of slots that are not live mean nothing. */
export class SlotColumns {
  flags = new Uint8Array(0);
  session = new Int32Array(0);
  /** The slots of its neighbours in the session, or {@link none}. */
  previous = new Int32Array(0);
  next = new Int32Array(0);
  /** The speaker's number, or {@link none}. */
  speaker = new Int32Array(0);
  /** Terms. */
  length = new Int32Array(0);
  logLength = new Float32Array(0);
  /** Milliseconds since the Unix epoch of the event, or else of the retain. */
  timeMs = new Float64Array(0);
  /** Milliseconds since the Unix epoch. */
  retainedMs = new Float64Array(0);
  /** The place among the memories of one call. */
  position = new Float64Array(0);

  /** Makes room for so many slots. */
  reserve(slots: number): void {
    if (slots <= this.flags.length) return;
    const size = Math.max(64, slots * 2);
    this.flags = grown(this.flags, new Uint8Array(size));
    this.session = grown(this.session, new Int32Array(size));
    this.previous = grown(this.previous, new Int32Array(size));
    this.next = grown(this.next, new Int32Array(size));
    this.speaker = grown(this.speaker, new Int32Array(size));
    this.length = grown(this.length, new Int32Array(size));
    this.logLength = grown(this.logLength, new Float32Array(size));
    this.timeMs = grown(this.timeMs, new Float64Array(size));
    this.retainedMs = grown(this.retainedMs, new Float64Array(size));
    this.position = grown(this.position, new Float64Array(size));
  }
}
