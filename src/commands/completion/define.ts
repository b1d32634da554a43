/** A shell that can be told what comes next: one file each, one line in `index.ts`. */

export type Described = {
  readonly name: string
  readonly says: string
  /** What its first argument may be; files where there is none. */
  readonly words: readonly string[]
  readonly options: readonly {
    /** With its two hyphens. */
    readonly flag: string
    readonly says: string
    /** Whether a word follows; a file where `words` is empty. */
    readonly value: boolean
    readonly words: readonly string[]
  }[]
}

export type Shell = { readonly name: string; write(commands: readonly Described[]): string }

/** For sh, zsh and fish: what stands between single quotes. */
export const between = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
