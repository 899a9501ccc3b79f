/** Repeatable random values: the same seed gives the same ids and the same faults. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  hex(length: number): string;
  uuid(): string;
  pick<T>(from: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const random: Random = {
    // mulberry32
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
    hex(length) {
      let text = "";
      while (text.length < length)
        text += Math.floor(random.next() * 2 ** 32)
          .toString(16)
          .padStart(8, "0");
      return text.slice(0, length);
    },
    uuid() {
      const hex = random.hex(30);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
    },
    pick: (from) => from[Math.floor(random.next() * from.length)] as never,
  };
  return random;
}
