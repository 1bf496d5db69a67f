// Turns offsets in a text into lines and columns. Knows no JSON.

/** A place in a text; both count from 1, columns in UTF-16 units as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Places of offsets; cheap as long as the offsets asked for rise. */
export class LineCounter {
  readonly #text: string;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  placeAt(offset: number): Place {
    if (offset < this.#lineStart) {
      this.#line = 1;
      this.#lineStart = 0;
    }
    for (;;) {
      const lineEnd = this.#text.indexOf('\n', this.#lineStart);
      if (lineEnd === -1 || lineEnd >= offset) break;
      this.#line++;
      this.#lineStart = lineEnd + 1;
    }
    return { line: this.#line, column: offset - this.#lineStart + 1 };
  }
}
