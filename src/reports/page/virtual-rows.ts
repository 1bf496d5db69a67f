// Tells which rows of a long list are in sight, by TanStack Virtual. Knows no rows.
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';
import type { VirtualItem } from '@tanstack/virtual-core';
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';

/** Rows drawn beyond each edge, so that scrolling finds them there. */
const OVERSCAN = 10;

/** What to draw. */
export interface VirtualRows {
  readonly items: readonly VirtualItem[];
  readonly totalPx: number;
  readonly scrollTo: (index: number) => void;
}

/** @param find - Finds the element that scrolls, once it is there. */
export function useVirtualRows(count: number, rowPx: number, find: () => HTMLElement | null): VirtualRows {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    getScrollElement: find,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  return {
    items: virtualizer.getVirtualItems(),
    totalPx: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index),
  };
}
