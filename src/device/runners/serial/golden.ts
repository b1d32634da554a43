/** Whether the model in a firmware is ours: seeded inputs there and here. */
import { DeviceError } from '../../../errors.ts'
import { prepareExecutor } from '../../../execute/execute.ts'
import { loadFastKernels } from '../../../execute/fast/load.ts'
import { readTflite } from '../../../formats/tflite/read.ts'
import { bytesPerElement, type Elements, size, view } from '../../../graph/ir/graph.ts'
import { bits, key, uniform } from '../../../graph/math/random.ts'
import { slackOf } from '../../agreement/slack.ts'
import type { Invocation } from '../../define.ts'

/** A vendor's kernels round otherwise than ours by a few steps; another model is off by far more. A share of the outputs' own spread. */
const tolerance = 1 / 16

export type GoldenInputs = {
  readonly model: Uint8Array
  readonly count: number
  readonly decimals: number
  readonly id: string
  invoke(inputs: Uint8Array, count: number): Promise<Invocation>
  note?: ((text: string) => void) | undefined
}

/** Answers with what one sample takes on the wire, in milliseconds; undefined where no vector was run. Throws DeviceError `wrong-model`. */
export async function holdAgainstGolden({ model, count, decimals, id, invoke, note }: GoldenInputs): Promise<number | undefined> {
  if (count === 0) return undefined
  const graph = readTflite(model)
  const [input, output] = [graph.tensors[graph.inputs[0]!]!, graph.tensors[graph.outputs[0]!]!]
  const executor = prepareExecutor(graph, { rounding: 'tflm', fast: loadFastKernels() })
  const slack = slackOf(output, decimals)
  const elements = size(input.shape)
  const vectors = Array.from({ length: count }, (_, n) => {
    const bytes = goldenInput(n, input.dtype, elements)
    return { bytes, here: (executor.run([view(input.dtype, bytes.buffer, 0, elements)])[0] as Elements).slice() }
  })
  const all = vectors.flatMap(({ here }) => [...here])
  const room = slack + Math.max((Math.max(...all) - Math.min(...all)) * tolerance, output.dtype === 'float32' ? 0 : 1)
  let [equal, wireMs] = [0, 0]
  for (const { bytes, here } of vectors) {
    const started = performance.now()
    const { outputs, durationsMs } = await invoke(bytes, 1)
    wireMs += performance.now() - started - durationsMs[0]!
    const there = view(output.dtype, new Uint8Array(outputs).buffer, 0, here.length) as Elements
    const worst = Math.max(...Array.from(here, (value, i) => Math.abs(value - there[i]!)))
    if (!(worst <= room))
      throw new DeviceError('wrong-model', 'the device answers a golden vector as another model would', {
        found: `an output ${worst} away from ours`,
        expected: `${room} at most`,
        hint: 'Flash this very file into it; golden=0 in its URI leaves this check out, to see by how much it differs.',
      })
    if (worst <= slack) equal++
  }
  note?.(`${id}: ${equal} of ${count} golden vectors equal at ${decimals} decimals; ${Math.round(wireMs / count)} ms a sample on the wire`)
  return wireMs / count
}

function goldenInput(n: number, dtype: 'float32' | string, elements: number) {
  const stream = key(n, 'test')
  if (dtype === 'float32') return new Uint8Array(Float32Array.from({ length: elements }, (_, i) => uniform(stream, i)).buffer)
  return Uint8Array.from({ length: elements * bytesPerElement(dtype as 'int8') }, (_, i) => bits(stream, i) & 0xff)
}
