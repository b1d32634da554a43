/** Streams a data set through a runner and holds its outputs against ours. */
import { DeviceError } from '../errors.ts'
import { bytesPerElement, type Elements, size, type Tensor, view } from '../graph/ir/graph.ts'
import { agree } from './agreement/agree.ts'
import { slackOf } from './agreement/slack.ts'
import type { Agreement, Description, Runner } from './define.ts'

export type VerifyInputs = {
  /** Raw bytes of all inputs, in the input tensor's own type. */
  readonly inputs: Uint8Array
  readonly labels: Int32Array
  /** Our outputs for them, bit-exact. */
  readonly here: Elements
  /** The model's output tensor: its type and the number of classes. */
  readonly output: Tensor
}

const chunkSize = 100

/** The runner must have the model loaded. `onProgress` hears how many samples are done. */
export async function verifyOn(
  runner: Runner,
  { inputs, labels, here, output }: VerifyInputs,
  onProgress: (done: number) => void = () => {},
): Promise<Agreement> {
  const { runner: name, decimals } = await runner.describe()
  const inputBytes = inputs.length / labels.length
  const classes = size(output.shape)
  const parts: Uint8Array[] = []
  for (let at = 0; at < labels.length; at += chunkSize) {
    const count = Math.min(chunkSize, labels.length - at)
    const { outputs } = await runner.invoke(inputs.subarray(at * inputBytes, (at + count) * inputBytes), count)
    const expected = count * classes * bytesPerElement(output.dtype)
    if (outputs.length !== expected)
      throw new DeviceError('bad-reply', `${name} answered with outputs of another size`, {
        found: `${outputs.length} bytes for ${count} samples`,
        expected: `${expected} bytes`,
        hint: 'Does the device run this model?',
      })
    parts.push(outputs)
    onProgress(at + count)
  }
  const bytes = new Uint8Array(Buffer.concat(parts))
  const there = view(output.dtype, bytes.buffer, 0, labels.length * classes) as Elements
  return agree(name, there, here, labels, classes, slackOf(output, decimals))
}

/** How long the wire will take, where that is worth a word before it starts: 3,072 bytes are 0.6 s an image at 115,200 baud. */
export function forecast({ wireMs = 0 }: Description, samples: number): string | undefined {
  const seconds = Math.round((wireMs * samples) / 1e3)
  if (seconds < 2) return undefined
  return `${samples} samples take about ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`} on the wire`
}
