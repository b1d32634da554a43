/** What a range method decides: which part of what was seen the 256 steps shall cover. It knows no operator and no graph. */
import type { Seen } from '../histogram.ts'

/** In the tensor's own unit. */
export type Range = { readonly min: number; readonly max: number }

export type Method = {
  readonly name: string
  /** What it keeps, in one sentence. */
  readonly says: string
  range(seen: Seen): Range
}
