// Cuts text to the width of a place on a terminal, where letters of some scripts take two cells. Knows no terminal.
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';

/** The text, with an ellipsis for what is beyond so many cells; escape sequences of colours take none and are kept whole. */
export function cutToCells(text: string, cells: number): string {
  const cut = cliTruncate(text, cells);
  // A letter of two cells at the edge is kept whole, one cell too far.
  return stringWidth(cut) <= cells ? cut : cliTruncate(text, cells - 1);
}
