/** A chart of the page: one file each, one line in `index.ts`. */
import type { TopLevelSpec } from 'vega-lite'
import type { Report } from '../define.ts'

export type Spec = TopLevelSpec

export type Drawing = {
  /** What is to be seen, in words, for who cannot see it and for the line below. */
  readonly caption: string
  /** In Vega-Lite, for a picture of so many pixels across. Colours are the page's: `var(--c1)` to `var(--c8)`, `var(--ink)`. */
  spec(width: number): Spec
}

export type Chart = {
  /** The heading of the section that it stands in. */
  readonly section: 'training' | 'accuracy' | 'quantisation' | 'layers' | 'memory' | 'latency'
  readonly title: string
  /** Undefined where the report does not have the data. */
  of(report: Report): Drawing | undefined
}

export const colours = Array.from({ length: 8 }, (_, i) => `var(--c${i + 1})`)

/** Below this width a picture is for a telephone. */
export const narrow = 500
