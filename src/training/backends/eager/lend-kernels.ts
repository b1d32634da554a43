/** Lends the WASM backend of tfjs the kernels that it lacks and the CPU backend has, such as the gradients of pooling and resizing. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

type Cpu = tf.KernelBackend & {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.backend_util.BackendValues): tf.TensorInfo
  disposeIntermediateTensorInfo(info: tf.TensorInfo): void
}

/** Operands are copied over and results back; `used` hears the name of each kernel that runs so. Returns the names of those lent. */
export function lendKernels(backendName: string, used: (kernelName: string) => void): readonly string[] {
  const lent: string[] = []
  const wasm = tf.findBackend(backendName) as BackendWasm
  const cpu = tf.findBackend('cpu') as Cpu
  const copied = (info: tf.TensorInfo): tf.TensorInfo => cpu.makeTensorInfo(info.shape, info.dtype, wasm.readSync(info.dataId))
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(kernelName, backendName)) continue
    lent.push(kernelName)
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc({ inputs, attrs }) {
        used(kernelName)
        const given = Object.entries(inputs as Record<string, tf.TensorInfo | tf.TensorInfo[] | undefined>).map(([name, input]) => {
          const lent = Array.isArray(input) ? input.map(copied) : input && copied(input)
          return [name, lent] as const
        })
        const outputs = kernelFunc({ inputs: Object.fromEntries(given) as any, backend: cpu, attrs: attrs! })
        const back = [outputs].flat().map((info) => {
          const kept = wasm.makeOutput(info.shape, info.dtype)
          const values = cpu.readSync(info.dataId) as Float32Array | Int32Array | Uint8Array
          wasm.typedArrayFromHeap(kept as tf.Tensor).set(values)
          return kept
        })
        // An output may be an input under another name, so each piece of data goes once.
        const infos = [...given.flatMap(([, lent]) => lent ?? []), ...[outputs].flat()]
        for (const info of new Map(infos.map((info) => [info.dataId, info])).values()) cpu.disposeIntermediateTensorInfo(info)
        return Array.isArray(outputs) ? back : back[0]!
      },
    })
  }
  return lent
}
