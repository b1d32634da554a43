/** Streams a data set through a runner and holds its outputs against ours. */
import { createHash } from 'node:crypto'
import { DeviceError } from '../errors.ts'
import { bytesPerElement, type Elements, size, type Tensor, view } from '../graph/ir/graph.ts'
import { agreeing } from './agreement/agree.ts'
import { slackOf } from './agreement/slack.ts'
import type { Agreement, Description, Runner } from './define.ts'

export type VerifyInputs = VerifyPart & {
  /** The model's output tensor: its type, and the number of classes. */
  readonly output: Tensor
}

export type VerifyPart = {
  /** Raw bytes of all inputs, in the input tensor's own type. */
  readonly inputs: Uint8Array
  /** One a sample, or one a pixel of its output. */
  readonly labels: Int32Array | Uint8Array
  /** Our outputs for them, bit-exact. */
  readonly here: Elements
  /** As many as labels where not said. */
  readonly samples?: number
}

/** Where the outputs of an interrupted run are kept, for the next to go on from. */
export type Kept = { read(): Promise<Uint8Array | undefined>; write(bytes: Uint8Array): Promise<void> }

export type VerifyWorld = {
  /** Hears how many samples are done. */
  readonly onProgress?: (done: number) => void
  readonly kept?: Kept
  /** Hears what came so far, judged and marked `partial`, before the error that ended it is thrown. */
  readonly onPartial?: (partial: Agreement) => Promise<void>
  /** SHA-256 of the model, so that outputs of another are not taken up. */
  readonly model?: string
}

export const chunkSize = 100
export const keepEveryMs = 2_000

/** The runner must have the model loaded. */
export async function verifyOn(runner: Runner, given: VerifyInputs, world: VerifyWorld = {}): Promise<Agreement> {
  const { inputs, labels, here, output, samples: of = labels.length } = given
  const { onProgress = () => {}, kept, onPartial, model = '' } = world
  const { runner: name, decimals } = await runner.describe()
  const [inputBytes, each, perSample] = [inputs.length / of, labels.length / of, size(output.shape)]
  const outputBytes = perSample * bytesPerElement(output.dtype)
  const all = new Uint8Array(of * outputBytes)
  const seal = sealOf(name, model, inputs)
  let done = takeUp(await kept?.read(), seal, all, outputBytes)
  const judge = (samples: number) => {
    const tally = agreeing(name, perSample / each, slackOf(output, decimals))
    const there = view(output.dtype, all.buffer, 0, samples * perSample) as Elements
    tally.add({ there, here, labels: labels.subarray(0, samples * each), samples })
    return tally.result()
  }
  const keep = async () => kept?.write(new Uint8Array(Buffer.concat([seal, all.subarray(0, done * outputBytes)])))
  let written = performance.now()
  try {
    while (done < of) {
      const count = Math.min(chunkSize, of - done)
      all.set(
        await ask(runner, name, inputs.subarray(done * inputBytes, (done + count) * inputBytes), count, outputBytes),
        done * outputBytes,
      )
      done += count
      onProgress(done)
      if (performance.now() - written < keepEveryMs) continue
      await keep()
      written = performance.now()
    }
  } catch (error) {
    if (done > 0) {
      await keep()
      await onPartial?.({ ...judge(done), partial: { of } })
    }
    throw error
  }
  return judge(done)
}

/** Outputs of `count` samples. Throws DeviceError `bad-reply`. */
export async function ask(runner: Runner, name: string, inputs: Uint8Array, count: number, outputBytes: number): Promise<Uint8Array> {
  const { outputs } = await runner.invoke(inputs, count)
  if (outputs.length === count * outputBytes) return outputs
  throw new DeviceError('bad-reply', `${name} answered with outputs of another size`, {
    found: `${outputs.length} bytes for ${count} samples`,
    expected: `${count * outputBytes} bytes`,
    hint: 'Does the device run this model?',
  })
}

const sealBytes = 32
/** Tells kept outputs of one runner, model and data set from those of others. */
export const sealOf = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
  parts.reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256')).digest()

/** How many samples the kept outputs hold, copied to `all`; 0 where they are of something else. */
function takeUp(kept: Uint8Array | undefined, seal: Uint8Array, all: Uint8Array, outputBytes: number): number {
  if (!kept || Buffer.compare(kept.subarray(0, sealBytes), seal)) return 0
  const done = Math.floor(Math.min(kept.length - sealBytes, all.length) / outputBytes)
  all.set(kept.subarray(sealBytes, sealBytes + done * outputBytes))
  return done
}

/** How long the wire will take, where that is worth a word before it starts: 3,072 bytes are 0.6 s an image at 115,200 baud. */
export function forecast({ wireMs = 0 }: Description, samples: number): string | undefined {
  const seconds = Math.round((wireMs * samples) / 1e3)
  if (seconds < 2) return undefined
  return `${samples} samples take about ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`} on the wire`
}
