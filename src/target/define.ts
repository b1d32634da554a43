/** What a target says about a model: findings, placement, an estimate. */
import type { Fact } from '../graph/ops/define.ts'

export const severities = ['error', 'warning', 'note'] as const
export type Severity = (typeof severities)[number]

/** What breaking a rule costs. `splits-graph`: it runs on the CPU, and the accelerator's part falls in two. */
export const costs = ['cpu', 'splits-graph', 'refused', 'does-not-fit', 'slower', 'nothing'] as const
export type Cost = (typeof costs)[number]

/** Where a rule or a number comes from. */
export type Source = { readonly source: string; readonly sourceVersion: string; readonly confidence: string }

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
  readonly costs?: Cost
  readonly evidence?: Source
}

/** Nodes that one machine runs in one go, in node order. */
export type Segment = { readonly place: 'accelerator' | 'cpu'; readonly nodes: readonly number[] }

/** A tensor that one segment writes and another reads. */
export type Crossing = {
  readonly tensor: number
  readonly name: string
  readonly bytes: number
  readonly from: number
  readonly to: number
}

export type Placement = {
  readonly accelerator: number
  readonly cpu: number
  /** Where each node runs, in node order. */
  readonly nodes: readonly ('accelerator' | 'cpu' | 'folded')[]
  /** In running order, as a delegate cuts the graph: each takes all that is ready. Folded nodes go with either. */
  readonly segments?: readonly Segment[]
  /** By index of segment; inputs and outputs of the network do not count. */
  readonly crossings?: readonly Crossing[]
}

export type CheckResult = { readonly target: string; readonly findings: readonly Finding[]; readonly placement: Placement }

export type Unit = 'bytes' | 'KiB' | 'MiB'

/** A bound on a fact: a closed range, a set of values, a multiple, or one value. */
export type Limit =
  | { readonly min?: number | undefined; readonly max?: number | undefined; readonly unit?: Unit | undefined }
  | { readonly multipleOf: number }
  | { readonly oneOf: readonly Fact[] }
  | { readonly is: Fact }

export type LayerEstimate = {
  readonly name: string
  readonly op: string
  readonly macs: number
  readonly cycles: number
  /** Which term decides the layer's cycles: mac, output, issue, vector, sram, external, memory, weight-dma, transfer, start, setup, cpu, fixed; chained where an earlier layer's cycles hold them. */
  readonly boundBy: string
  /** What would make it faster, in words; absent where nothing is known. */
  readonly change?: string
  /** The engine's own terms in cycles, by name. */
  readonly terms: Readonly<Record<string, number>>
}

/** A time between `low` and `high` milliseconds, what it is of, and where its numbers come from. */
export type Beside = {
  readonly low: number
  readonly high: number
  readonly says: string
  readonly evidence: Source
  /** Of the CPU: what each operator takes by the host's prices, in milliseconds; the span lies around their sum. */
  readonly operators?: readonly { readonly name: string; readonly op: string; readonly ms: number }[]
  /** Operators that not even this term has a price for: it is too low. */
  readonly unpriced?: readonly string[]
}

/** What the total leaves out, in milliseconds of one inference: never part of totalCycles or latencyMs. */
export type Besides = { readonly cpuMs?: Beside; readonly startMs?: Beside; readonly transferMs?: Beside }

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
  /** Layers whose cycles are missing from the total; those on a CPU may have a time in `besides`. */
  readonly unpriced?: readonly string[]
  /** Whether the total has all layers. */
  readonly complete?: boolean
  readonly besides?: Besides
}

/** One row of a compiler's own figures; an operator of the file may become several. */
export type CompiledLayer = {
  /** The tensor that it writes, as the compiler calls it: the file's own name, or one that it made up. */
  readonly name: string
  readonly op: string
  readonly cycles: number
  readonly place: 'accelerator' | 'cpu'
}

/** What the vendor's compiler says of a file: its own estimate, not a measurement. */
export type Compiled = {
  readonly compiler: string
  readonly version: string
  /** What it compiled for, in its own words. */
  readonly configuration?: Readonly<Record<string, string>>
  /** Absent where the compiler gives none. */
  readonly totalCycles?: number
  readonly clockHz?: number
  readonly latencyMs?: number
  readonly layers: readonly CompiledLayer[]
  /** Operators of the file that it left on the CPU. */
  readonly cpuOperators: number
  /** As the compiler counts them, after it cut and joined. */
  readonly acceleratorOperators: number
  readonly arenaBytes?: number
  /** Encoded. */
  readonly weightBytes: number
  readonly outputBytes: number
  readonly findings: readonly Finding[]
}
