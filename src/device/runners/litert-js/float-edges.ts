/** A runtime that takes float inputs only: the file with QUANTIZE and DEQUANTIZE at its edges, and values there and back without loss. */
import { UserError } from '../../../errors.ts'
import { readTflite } from '../../../formats/tflite/read.ts'
import { writeTflite } from '../../../formats/tflite/write.ts'
import { allocate, bytesPerElement, type Elements, type Graph, size, type Tensor, view } from '../../../graph/ir/graph.ts'

export type FloatEdges = {
  readonly file: Uint8Array
  /** Whether edges were added; else `file` is the very file that was given. */
  readonly added: boolean
  /** Bytes of inputs in the model's own type as float32 bytes, and outputs back. */
  forth(inputs: Uint8Array): Uint8Array
  back(outputs: Uint8Array, count: number): Uint8Array
}

/** Throws UserError `cannot-serve` for more than one input. */
export function floatEdges(model: Uint8Array): FloatEdges {
  const graph = readTflite(model)
  const [input, ...more] = graph.inputs.map((t) => graph.tensors[t]!)
  const outputs = graph.outputs.map((t) => graph.tensors[t]!)
  if (!input || more.length) throw new UserError('cannot-serve', 'this runner takes one input', { found: `${graph.inputs.length} inputs` })
  const added = [input, ...outputs].some(({ dtype }) => dtype !== 'float32')
  return {
    file: added ? writeTflite(graph as Graph<'quantised'>, { io: 'float32' }) : model,
    added,
    forth: (inputs) => (input.dtype === 'float32' ? inputs : real(inputs, input)),
    back: (bytes, count) => {
      const floats = new Float32Array(new Uint8Array(bytes).buffer)
      let at = 0
      const parts = Array.from({ length: count }, () =>
        outputs.map((tensor) => {
          const part = floats.subarray(at, at + size(tensor.shape))
          at += part.length
          return steps(part, tensor)
        }),
      )
      return new Uint8Array(Buffer.concat(parts.flat()))
    },
  }
}

function real(bytes: Uint8Array, { dtype, quant }: Tensor): Uint8Array {
  const whole = view(dtype, new Uint8Array(bytes).buffer, 0, bytes.length / bytesPerElement(dtype)) as Elements
  const [scale, zero] = [Math.fround(quant!.scale[0]!), quant!.zero[0]!]
  return new Uint8Array(Float32Array.from(whole, (q) => (q - zero) * scale).buffer)
}

function steps(values: Float32Array, { dtype, quant }: Tensor): Uint8Array {
  if (dtype === 'float32') return new Uint8Array(values.slice().buffer)
  const out = allocate(dtype, values.length) as Elements
  const [scale, zero] = [Math.fround(quant!.scale[0]!), quant!.zero[0]!]
  for (const [i, value] of values.entries()) out[i] = Math.round(value / scale) + zero
  return new Uint8Array(out.buffer, out.byteOffset, out.byteLength)
}
