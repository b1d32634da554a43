/** Ensemble: the layer of Progressive Ensemble Activations, as training left it. */
import { ensemble as mixture } from '../../../graph/ops/ensemble.ts'
import type { LayerImporter } from '../define.ts'

export const ensemble: LayerImporter = {
  className: 'Ensemble',
  add(layer, [x], graph) {
    const { mix, activation, base, alpha, beta } = layer.config
    return graph.add(mixture, { mix, activation, base, alpha, beta }, [x!], layer.name)
  },
}
