/** What threads work off: stages one after the other, the parts of a stage side by side, the calls of a part in order. */

/** A kernel's name and its arguments: addresses, sizes, constants. What changes from run to run lies in memory. */
export type Call = { readonly kernel: string; readonly args: readonly number[] }

/** stages[stage][part][call]; parts of one stage must not touch what another one writes. */
export type Program = readonly (readonly (readonly Call[])[])[]
