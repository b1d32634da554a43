/** Node data for Google's Model Explorer: cycles drawn over the graph of `model.tflite`, keyed by output tensor. */
import type { Report } from '../define.ts'
import type { Writer } from './define.ts'
import { jsonText } from './escape.ts'

/** Light to dark, from no cycles to the slowest layer. */
const gradient = [
  { stop: 0, bgColor: '#f7fbff' },
  { stop: 0.5, bgColor: '#6baed6' },
  { stop: 1, bgColor: '#08519c' },
]

export const modelExplorer = {
  name: 'model-explorer',
  file: 'model-explorer.json',
  write: ({ estimate }: Report) => {
    const results = Object.fromEntries(estimate.layers.map(({ name, cycles }) => [name, { value: cycles }]))
    return jsonText({ main: { results, gradient } })
  },
} satisfies Writer
