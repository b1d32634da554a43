/** A form that a report can take: one file each, one line in `index.ts`. */
import type { Report } from '../define.ts'

/** PNG: one of each of the report's worst images; or one of all of them, beside the truth. */
export type Picture = Uint8Array

export type Writer = {
  readonly name: string
  /** The file in the run folder. */
  readonly file: string
  /** Asynchronous where it draws or digests. */
  write(report: Report, pictures: readonly Picture[]): string | Promise<string>
}
