/** The contract of a runner: bytes and inputs go to a device or a runtime, outputs and times come back. */

/** What stands at the other end. */
export type Description = {
  readonly runner: string
  /** The runtime and its version, the machine, the kernels and their rounding, as the other end tells. */
  readonly facts: Readonly<Record<string, string>>
  /** Whether its times are measured on a clock, or stand for a simulated machine. */
  readonly timing: 'measured' | 'host'
  /** The device prints real values with so many decimals; absent where raw bytes come back. */
  readonly decimals?: number
  /** How long one sample takes on the wire, known once a model is loaded; absent where it is nothing. */
  readonly wireMs?: number
}

export type Loaded = {
  /** How long initialisation took; 0 where the device did it before we came. */
  readonly initMs: number
  /** The model was there already and cannot be changed: it was held against golden vectors instead. */
  readonly preflashed?: true
}

export type Invocation = {
  /** Raw bytes of the outputs, one inference after the other. */
  readonly outputs: Uint8Array
  /** One time an inference, milliseconds. */
  readonly durationsMs: readonly number[]
}

export type Runner = {
  describe(): Promise<Description>
  load(model: Uint8Array): Promise<Loaded>
  /** Runs `count` inferences on inputs that lie one after the other in the input tensor's own type. */
  invoke(inputs: Uint8Array, count: number): Promise<Invocation>
  /** Times inferences by the clock and the statistics of the other end, which tells no single times; `durationsMs` of `invoke` are means then. */
  time?(input: Uint8Array, asked: { readonly runs: number; readonly minMs: number; readonly warmUp: number }): Promise<Timing>
  /** Times of the layers, where the runtime gives them; measured apart, since it disturbs. */
  layers?(input: Uint8Array): Promise<readonly LayerTime[]>
  /** Of the other end, as far as it tells; undefined where it tells nothing. */
  conditions?(): Promise<Conditions | undefined>
  /** Ends what was started and gives the device back; may be called at any time, and again. */
  close(): Promise<void>
}

/** One block of inferences, in one process there. */
export type Timing = {
  readonly runs: number
  readonly initMs: number
  readonly firstMs: number
  readonly minMs: number
  readonly medianMs: number
  readonly meanMs: number
  readonly p95Ms?: number
  readonly deviationMs: number
}

export type LayerTime = { readonly name: string; readonly op: string; readonly meanMs: number }

/** What a clock hangs on. The temperature is that of the hottest sensor, in degrees Celsius. */
export type Conditions = { readonly governor?: string; readonly frequencyMHz?: number; readonly temperature?: number }

export type RunnerOptions = {
  /** How long the other end may take to answer. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** How long to wait for a device that another process holds; 0 where not said. */
  readonly waitMs?: number
  /** Hears what a person at the screen should know, a line at a time. */
  readonly note?: (text: string) => void
}

/** A kind of runner: claims a URI scheme, and opens a connection. One file each, one line in `index.ts`. */
export type RunnerKind = {
  readonly scheme: string
  /** The form of its URI and what it reaches, for `--help` and `doctor`. */
  readonly says: string
  open(uri: string, options: RunnerOptions): Promise<Runner>
  /** What this machine lacks for the URI, and how to get it, or undefined. Throws UserError `bad-runner` for a URI that is off. */
  missing(uri: string): Promise<{ readonly what: string; readonly hint: string } | undefined>
  /** The device that a URI names, in words that are the same whoever asks and by whichever of its names; absent where nothing is shared. */
  device?(uri: string): string | Promise<string>
  /** URIs of what this machine sees, without touching it: opening a board's port may reset it. */
  list?(): Promise<readonly string[]>
}

/** Inferences of one or more blocks. */
export type LatencyStats = Timing & {
  /** Absent, as p95, where a runtime times itself and does not tell them, and in reports of earlier versions. */
  readonly p90Ms?: number
  readonly p99Ms?: number
  /** 95 % confidence intervals: of the median by a bootstrap over blocks of time, of p99 by order statistics; absent in reports of earlier versions. */
  readonly medianRangeMs?: readonly [number, number]
  /** Why this is no ground for a verdict. */
  readonly unstable?: string
  readonly p99RangeMs?: readonly [number, number]
  readonly histogram?: Histogram
}

/** Counts between edges; one edge more than counts, evenly spaced in the logarithm. */
export type Histogram = { readonly edgesMs: readonly number[]; readonly counts: readonly number[] }

export type Measurement = {
  readonly runner: string
  readonly description: Description
  readonly latency: LatencyStats
  readonly conditions?: { readonly before: Conditions; readonly after: Conditions }
  readonly layers?: readonly LayerTime[]
}

export type Agreement = {
  readonly runner: string
  readonly samples: number
  /** Accuracy there and here, 0 to 1. */
  readonly accuracy: number
  readonly accuracyHere: number
  /** Where the network answers pixels, which accuracy and agreement then count. */
  readonly meanIou?: number
  readonly meanIouHere?: number
  /** Share of samples with the same class; a tie at the top counts as agreement. */
  readonly agreement: number
  /** Differences up to so many steps cannot be told from none, since the device prints rounded values; absent where 0. */
  readonly slackSteps?: number
  /** Largest difference of an output element, in quantisation steps. */
  readonly maxDifference: number
  /** Over all output elements, in steps; absent in reports of earlier versions, as what follows `firstDifference`. */
  readonly meanDifference?: number
  /** Share of samples. */
  readonly bitEqual: number
  /** The first sample whose outputs differ, or undefined. */
  readonly firstDifference?: { readonly sample: number; readonly element: number; readonly there: number; readonly here: number }
  /** Where the classes do not agree: which class it was here, and there; the most frequent pair first. */
  readonly confusion?: readonly { readonly here: number; readonly there: number; readonly samples: number }[]
  /** At most ten samples that differ: those of another class first, then by the largest difference. */
  readonly worst?: readonly WorstSample[]
  /** The run ended before its time, with so many samples still asked for: no verdict. */
  readonly partial?: { readonly of: number }
}

export type WorstSample = {
  readonly sample: number
  readonly maxDifference: number
  /** Its class here and there; of an image whose pixels have classes, absent. */
  readonly here?: number
  readonly there?: number
  /** Of pixels, whether all do. */
  readonly agreed: boolean
}
