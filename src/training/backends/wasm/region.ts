/** Symbolic memory: a region gets its address only after every call that touches it is known. */

/** `kept` regions live as long as the step; the others share an arena by their lifetimes. */
export type Region = { readonly name: string; bytes: number; readonly kept: boolean; address: number }

/** An address inside a region. */
export type Place = { readonly region: Region; readonly offset: number }

export type Arg = number | Region | Place

/** A call of a kernel before addresses are known. */
export type Draft = { readonly kernel: string; readonly args: readonly Arg[] }

export const region = (name: string, floats: number, kept = false): Region => ({ name, bytes: floats * 4, kept, address: -1 })

/** The byte `offset` of a region. */
export const at = (region: Region, offset: number): Place => ({ region, offset })

export const call = (kernel: string, ...args: Arg[]): Draft => ({ kernel, args })

export const isPlace = (arg: Arg): arg is Place => typeof arg === 'object' && 'region' in arg
