/** What the documents of a run say of its project file. */

export type Settings = {
  readonly network: { readonly use: string }
  readonly data: { readonly source: string; readonly seed: number }
  readonly train: { readonly recipe: string }
  readonly pea: { readonly ensemble: string; readonly activation: string; readonly base: string }
  readonly quantise: { readonly method: string; readonly calibration: number }
  readonly runner: string | readonly string[]
  readonly seed: number
}
