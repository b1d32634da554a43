/** Holds a runner's outputs against ours over a data set that comes in parts, such as one whose outputs are of pixels: memory stays bounded. */
import { bytesPerElement, type Elements, size, type Tensor, view } from '../graph/ir/graph.ts'
import { agreeing, type TallyState } from './agreement/agree.ts'
import { slackOf } from './agreement/slack.ts'
import type { Agreement, Runner } from './define.ts'
import { ask, chunkSize, keepEveryMs, sealOf, type VerifyPart, type VerifyWorld } from './verify.ts'

export type VerifyParts = {
  /** The model's output tensor, whose last axis is of classes. */
  readonly output: Tensor
  /** Samples in all. */
  readonly of: number
  /** Tells the data from others, so that counts of another set are not taken up. */
  readonly digest: string
  /** The samples from number `from` on. */
  from(from: number): Iterable<VerifyPart> | AsyncIterable<VerifyPart>
  /** Raw bytes of one sample's input. */
  inputOf(sample: number): Uint8Array
}

/** The runner must have the model loaded. What an interrupted run counted is kept in place of its outputs. */
export async function verifyParts(runner: Runner, given: VerifyParts, world: VerifyWorld = {}): Promise<Agreement> {
  const { output, of } = given
  const { onProgress = () => {}, kept, onPartial, model = '' } = world
  const { runner: name, decimals } = await runner.describe()
  const [perSample, perElement] = [size(output.shape), bytesPerElement(output.dtype)]
  const seal = Buffer.from(sealOf(name, model, given.digest)).toString('hex')
  const before = takeUp(await kept?.read(), seal)
  const tally = agreeing(name, output.shape.at(-1)!, slackOf(output, decimals), before)
  let done = before?.count.samples ?? 0
  const keep = async () => kept?.write(new TextEncoder().encode(JSON.stringify({ seal, tally: tally.state() })))
  let written = performance.now()
  try {
    for await (const { inputs, labels, here, samples = labels.length } of given.from(done)) {
      const [inputBytes, each] = [inputs.length / samples, labels.length / samples]
      for (let at = 0; at < samples; at += chunkSize) {
        const count = Math.min(chunkSize, samples - at)
        const outputs = await ask(runner, name, inputs.subarray(at * inputBytes, (at + count) * inputBytes), count, perSample * perElement)
        const there = view(output.dtype, new Uint8Array(outputs).buffer, 0, count * perSample) as Elements
        const ours = here.subarray(at * perSample, (at + count) * perSample) as Elements
        tally.add({ there, here: ours, labels: labels.subarray(at * each, (at + count) * each), samples: count })
        done += count
        onProgress(done)
        if (performance.now() - written < keepEveryMs) continue
        await keep()
        written = performance.now()
      }
    }
  } catch (error) {
    if (done > 0) {
      await keep()
      await onPartial?.({ ...tally.result(), partial: { of } })
    }
    throw error
  }
  return tally.result()
}

/** What was kept, where it is of the same runner, model and data. */
function takeUp(kept: Uint8Array | undefined, seal: string): TallyState | undefined {
  try {
    const read = kept && (JSON.parse(new TextDecoder().decode(kept)) as { seal: string; tally: TallyState })
    return read?.seal === seal ? read.tally : undefined
  } catch {
    return undefined
  }
}
