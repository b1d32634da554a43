/** A form that a report can take: one file each, one line in `index.ts`. */
import type { Report } from '../define.ts'

/** What a report shows that is no number. */
export type Picture = { readonly title: string; readonly png: Uint8Array }

export type Writer = {
  readonly name: string
  /** The file in the run folder. */
  readonly file: string
  /** Asynchronous where it draws or digests. */
  write(report: Report, pictures: readonly Picture[]): string | Promise<string>
}
