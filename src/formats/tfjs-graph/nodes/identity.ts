/** Nodes that hand on what they are given. */
import { type NodeImporter, refusal } from '../define.ts'

export const identity: NodeImporter = {
  ops: ['Identity', 'StopGradient', 'PreventGradient', 'Snapshot', 'CheckNumerics'],
  add(node, [x]) {
    if (!x) throw refusal(node, 'it is given nothing', 'convert the model again')
    return x
  },
}
