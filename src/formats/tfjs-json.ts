/** Tells the two formats of tfjs apart, which share the name model.json. */
import { readFileSync } from 'node:fs'

/** Whether a file holds a graph model; false for anything that is no such JSON, a layers model included. */
export function isGraphModel(path: string): boolean {
  try {
    const { format, modelTopology } = JSON.parse(readFileSync(path, 'utf8'))
    return format === 'graph-model' || (format === undefined && Array.isArray(modelTopology?.node))
  } catch {
    return false
  }
}
