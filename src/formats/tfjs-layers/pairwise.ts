/** Layers that merge any number of tensors, in operators that take two. */
import type { AnyOp } from '../../graph/ops/define.ts'
import type { LayerImporter } from './define.ts'

export const pairwise = (className: string, def: AnyOp): LayerImporter => ({
  className,
  add: (layer, inputs, graph) =>
    inputs
      .slice(1)
      .reduce((sum, x, i) => graph.add(def, {}, [sum, x], i === inputs.length - 2 ? layer.name : `${layer.name}/${i}`), inputs[0]!),
})
