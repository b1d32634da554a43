/** What a target says about a model: findings, placement, an estimate. */
import type { Fact } from '../graph/ops/define.ts'

export const severities = ['error', 'warning', 'note'] as const
export type Severity = (typeof severities)[number]

/** One place where a model asks for what a target lacks. A result, never thrown. */
export type Finding = {
  /** Stable, kebab-case: the rule's name. */
  readonly code: string
  readonly severity: Severity
  /** Index of the node, or -1 for the model as a whole. */
  readonly node: number
  readonly op: string
  /** The tensor that names the place for a person. */
  readonly place: string
  /** The rule in words, with its number. */
  readonly says: string
  readonly found: string
  readonly hint: string
}

export type Placement = {
  readonly accelerator: number
  readonly cpu: number
  /** Where each node runs, in node order. */
  readonly nodes: readonly ('accelerator' | 'cpu' | 'folded')[]
}

export type CheckResult = { readonly target: string; readonly findings: readonly Finding[]; readonly placement: Placement }

/** A bound on a fact: a closed range, a set of values, or one value. */
export type Limit =
  | { readonly min?: number | undefined; readonly max?: number | undefined }
  | { readonly oneOf: readonly Fact[] }
  | { readonly is: Fact }

export type LayerEstimate = {
  readonly name: string
  readonly op: string
  readonly macs: number
  readonly cycles: number
  /** Which term decides the layer's cycles: mac, output, issue, sram, external, weight-dma, cpu, fixed. */
  readonly boundBy: string
  /** The engine's own terms in cycles, by name. */
  readonly terms: Readonly<Record<string, number>>
}

export type Estimate = {
  readonly target: string
  /** The model of the estimate, such as regor-5.2: figures of different models do not compare. */
  readonly model: string
  readonly clockHz: number
  readonly totalCycles: number
  readonly latencyMs: number
  /** Feature maps as the machine lays them out, and the buffers that lie beside them. */
  readonly arenaBytes: number
  /** As the machine stores them: encoded where it encodes. */
  readonly weightBytes: number
  /** As the file stores them. */
  readonly originalWeightBytes?: number
  readonly macs: number
  readonly layers: readonly LayerEstimate[]
  /** What the estimate leaves out and how far it may be off, in words. */
  readonly notes: readonly string[]
  /** Layers without a price: their cycles are missing from the total. */
  readonly unpriced?: readonly string[]
}
