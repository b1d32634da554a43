/** Batch normalisation over rows by our kernels, in the heap of tfjs: forward with the batch's statistics, and back. */
import type * as tf from '@tensorflow/tfjs-core'
import { activationArgs, activationNamed } from '../../wasm/activation.ts'
import { call } from '../../wasm/region.ts'
import type { Heap } from './heap.ts'

const identity = activationArgs(activationNamed('linear')!)

/** Channels as the kernels' vectors are long. */
export const strideOf = (channels: number): number => Math.ceil(channels / 4) * 4

/** x [rows, channels], the others [channels], the sums taken from its first row. Returns [y, state]; state [5, stride] holds mean in row 2, variance in row 4. */
export function normalise(heap: Heap, x: tf.TensorInfo, gamma: tf.TensorInfo, beta: tf.TensorInfo, epsilon: number) {
  const [rows, channels] = x.shape as [number, number]
  const stride = strideOf(channels)
  const [y, state] = [heap.output(x.shape), heap.output([5, stride])]
  const [sums] = heap.scratch(2 * stride)
  const at = (tensor: tf.TensorInfo) => heap.region(tensor)
  heap.run([
    call('fillZero', sums!, 8 * stride),
    call('normSums', at(x), at(x), sums!, channels, 0, rows),
    call('normState', sums!, 1, 0, rows, at(x), at(gamma), at(beta), epsilon, at(state), channels),
    call('normActivate', ...identity.forward, at(x), at(state), 0, at(y), 0, channels, 0, rows),
  ])
  return [y, state]
}

/** Returns the gradients of x, gamma and beta. */
export function normaliseGradient(heap: Heap, dy: tf.TensorInfo, x: tf.TensorInfo, gamma: tf.TensorInfo, state: tf.TensorInfo) {
  const [rows, channels] = x.shape as [number, number]
  const stride = strideOf(channels)
  const [dx, dGamma, dBeta] = [heap.output(x.shape), heap.output([channels]), heap.output([channels])]
  const [sums, factors] = heap.scratch(2 * stride, 3 * stride)
  const at = (tensor: tf.TensorInfo) => heap.region(tensor)
  heap.run([
    call('fillZero', sums!, 8 * stride),
    call('normActivateGradient', ...identity.back, at(dy), at(x), at(state), 0, 0, at(dx), sums!, channels, 0, rows),
    call('normFactors', sums!, 1, 0, rows, at(gamma), at(state), factors!, at(dGamma), at(dBeta), channels),
    call('normGradient', at(dy), at(x), factors!, at(dx), channels, 0, rows),
  ])
  return [dx, dGamma, dBeta]
}
