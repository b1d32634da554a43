/** The contract of a runner: bytes and inputs go to a device or a runtime, outputs and times come back. */

/** What stands at the other end. */
export type Description = {
  readonly runner: string
  /** The runtime and its version, the machine, the kernels and their rounding, as the other end tells. */
  readonly facts: Readonly<Record<string, string>>
  /** Whether its times are measured on a clock, or stand for a simulated machine. */
  readonly timing: 'measured' | 'host'
}

export type Invocation = {
  /** Raw bytes of the outputs, one inference after the other. */
  readonly outputs: Uint8Array
  /** One time an inference, milliseconds. */
  readonly durationsMs: readonly number[]
}

export type Runner = {
  describe(): Promise<Description>
  /** Loads a .tflite; says how long initialisation took. */
  load(model: Uint8Array): Promise<{ readonly initMs: number }>
  /** Runs `count` inferences on inputs that lie one after the other in the input tensor's own type. */
  invoke(inputs: Uint8Array, count: number): Promise<Invocation>
  close(): Promise<void>
}

export type RunnerOptions = { readonly timeoutMs: number; readonly signal?: AbortSignal }

/** A kind of runner: claims a URI scheme, and opens a connection. One file each, one line in `index.ts`. */
export type RunnerKind = {
  readonly scheme: string
  /** The form of its URI and what it reaches, for `--help` and `doctor`. */
  readonly says: string
  open(uri: string, options: RunnerOptions): Promise<Runner>
  /** What this machine lacks for the URI, and how to get it, or undefined. Throws UserError `bad-runner` for a URI that is off. */
  missing(uri: string): Promise<{ readonly what: string; readonly hint: string } | undefined>
}

export type LatencyStats = {
  readonly runs: number
  readonly initMs: number
  readonly firstMs: number
  readonly minMs: number
  readonly medianMs: number
  readonly meanMs: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly deviationMs: number
  /** 95 % confidence intervals by order statistics, free of a distribution; absent in reports of earlier versions. */
  readonly medianRangeMs?: readonly [number, number]
  readonly p99RangeMs?: readonly [number, number]
  readonly histogram?: Histogram
}

/** Counts between edges; one edge more than counts, evenly spaced in the logarithm. */
export type Histogram = { readonly edgesMs: readonly number[]; readonly counts: readonly number[] }

export type Measurement = { readonly runner: string; readonly description: Description; readonly latency: LatencyStats }

export type Agreement = {
  readonly runner: string
  readonly samples: number
  /** Accuracy there and here, 0 to 1. */
  readonly accuracy: number
  readonly accuracyHere: number
  /** Share of samples with the same class; a tie at the top counts as agreement. */
  readonly agreement: number
  /** Largest difference of an output element, in quantisation steps. */
  readonly maxDifference: number
  readonly bitEqual: number
  /** The first sample whose outputs differ, or undefined. */
  readonly firstDifference?: { readonly sample: number; readonly element: number; readonly there: number; readonly here: number }
}
