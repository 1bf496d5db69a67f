// Cutting to cells: never wider than asked, wherever wide letters and colours fall.
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cutToCells } from '../../src/util/cut-to-cells.js';

describe('cutToCells', () => {
  it.each([
    ['plain', 5, 'plain'],
    ['plain text', 5, 'plai…'],
    ['資料不一致', 10, '資料不一致'],
    ['資料不一致', 9, '資料不一…'],
    ['資料不一致', 8, '資料不…'],
    ['🙂🙂🙂', 4, '🙂…'],
    ['🙂🙂🙂', 2, '…'],
    ['anything', 0, ''],
  ])('of %j in %i cells is %j', (text, cells, cut) => {
    expect(cutToCells(text, cells)).toBe(cut);
  });

  it('counts colours as nothing, and closes them', () => {
    expect(cutToCells('\u001b[31m資料不一致\u001b[39m', 8)).toBe('\u001b[31m資料不…\u001b[39m');
  });

  it('is never wider than asked', () => {
    const text = `a試験🙂${'誤b'.repeat(20)}`;
    for (let cells = 0; cells <= 70; cells++)
      expect(stringWidth(cutToCells(text, cells))).toBeLessThanOrEqual(cells);
  });
});
