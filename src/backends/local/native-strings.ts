// Lays strings out in memory as C wants them: NUL-terminated, with a vector of pointers. Knows no system call.
import { address } from 'koffi';

/** A NULL-terminated vector of C strings. Pass `vector` to C; hold on to the object for as long as C may look at it. */
export interface NativeVector {
  readonly vector: BigUint64Array;
  /** The memory the pointers lead into; named so that it is not collected too early. */
  readonly memory: readonly Buffer[];
}

/** Lays out an argument vector. */
export function encodeArguments(strings: readonly string[]): NativeVector {
  const vector = new BigUint64Array(strings.length + 1);
  const memory = writeStrings(strings, (index, pointer) => (vector[index] = pointer));
  return { vector, memory: [memory] };
}

/** An environment of which most variables are the same for every process: those are laid out once. */
export class NativeEnvironment {
  readonly #base: NativeVector;
  readonly #count: number;
  readonly #indexOf: ReadonlyMap<string, number>;

  constructor(base: Readonly<Record<string, string>>) {
    const names = Object.keys(base);
    this.#base = encodeArguments(names.map((name) => `${name}=${base[name] ?? ''}`));
    this.#count = names.length;
    this.#indexOf = new Map(names.map((name, index) => [name, index]));
  }

  /** The base with `variables` set on top. */
  extend(variables: Readonly<Record<string, string>>): NativeVector {
    const names = Object.keys(variables);
    const vector = new BigUint64Array(this.#count + names.length + 1);
    vector.set(this.#base.vector);
    let end = this.#count;
    const places = names.map((name) => this.#indexOf.get(name) ?? end++);
    const strings = names.map((name) => `${name}=${variables[name] ?? ''}`);
    const memory = writeStrings(strings, (index, pointer) => (vector[places[index] ?? 0] = pointer));
    return { vector, memory: [memory, ...this.#base.memory] };
  }
}

function writeStrings(
  strings: readonly string[],
  place: (index: number, pointer: bigint) => unknown,
): Buffer {
  let bytes = 0;
  for (const text of strings) bytes += Buffer.byteLength(text) + 1;
  // Not from Node's shared pool: this memory must stay where it is and belong to nobody else.
  const memory = Buffer.allocUnsafeSlow(bytes);
  const start = bytes === 0 ? 0n : address(memory);
  let offset = 0;
  strings.forEach((text, index) => {
    place(index, start + BigInt(offset));
    offset += memory.write(text, offset);
    memory[offset++] = 0;
  });
  return memory;
}
