/** Streams a data set through a runner and holds its outputs against ours. */
import { DeviceError } from '../errors.ts'
import { bytesPerElement, type Elements, size, type Tensor, view } from '../graph/ir/graph.ts'
import { agreeing, type Tally } from './agreement/agree.ts'
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

const chunkSize = 100

/** The runner must have the model loaded. `onProgress` hears how many samples are done. */
export const verifyOn = (
  runner: Runner,
  { output, ...part }: VerifyInputs,
  onProgress: (done: number) => void = () => {},
): Promise<Agreement> => verifyParts(runner, output, [part], onProgress)

/** The same for a data set that comes in parts, so that memory stays bounded. */
export async function verifyParts(
  runner: Runner,
  output: Tensor,
  parts: Iterable<VerifyPart> | AsyncIterable<VerifyPart>,
  onProgress: (done: number) => void = () => {},
): Promise<Agreement> {
  const { runner: name, decimals } = await runner.describe()
  const [perSample, perElement] = [size(output.shape), bytesPerElement(output.dtype)]
  let tally: Tally | undefined
  let done = 0
  for await (const { inputs, labels, here, samples = labels.length } of parts) {
    const [inputBytes, each] = [inputs.length / samples, labels.length / samples]
    tally ??= agreeing(name, perSample / each, slackOf(output, decimals))
    for (let at = 0; at < samples; at += chunkSize) {
      const count = Math.min(chunkSize, samples - at)
      const { outputs } = await runner.invoke(inputs.subarray(at * inputBytes, (at + count) * inputBytes), count)
      const expected = count * perSample * perElement
      if (outputs.length !== expected)
        throw new DeviceError('bad-reply', `${name} answered with outputs of another size`, {
          found: `${outputs.length} bytes for ${count} samples`,
          expected: `${expected} bytes`,
          hint: 'Does the device run this model?',
        })
      const there = view(output.dtype, new Uint8Array(outputs).buffer, 0, count * perSample) as Elements
      const ours = here.subarray(at * perSample, (at + count) * perSample) as Elements
      tally.add({ there, here: ours, labels: labels.subarray(at * each, (at + count) * each), samples: count })
      done += count
      onProgress(done)
    }
  }
  return (tally ?? agreeing(name, perSample)).result()
}

/** How long the wire will take, where that is worth a word before it starts: 3,072 bytes are 0.6 s an image at 115,200 baud. */
export function forecast({ wireMs = 0 }: Description, samples: number): string | undefined {
  const seconds = Math.round((wireMs * samples) / 1e3)
  if (seconds < 2) return undefined
  return `${samples} samples take about ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`} on the wire`
}
