/** Of a network that answers pixels: each class, in float and in int8. */
import type { Report } from '../define.ts'
import { percent } from '../writers/words.ts'
import { cell, nameCell, number, table } from './table.ts'

export function iouSection({ float, int8, data }: Report): string {
  const share = (value: number | null | undefined) => (typeof value === 'number' ? number(percent(value), value) : number('nowhere'))
  const gap = (a: number | null | undefined, b: number | null | undefined) =>
    typeof a === 'number' && typeof b === 'number' ? number(percent(b - a), b - a) : number('')
  const rows = data.classes.map((name, k) => [
    nameCell(name),
    share(float.iou?.[k]),
    share(int8.iou![k]),
    gap(float.iou?.[k], int8.iou![k]),
    share(int8.recall[k]),
  ])
  const mean = [cell('mean'), share(float.meanIou), share(int8.meanIou), gap(float.meanIou, int8.meanIou), number('')]
  const heads = [cell('class'), number('IoU, float'), number('IoU, int8'), number('change'), number('recall, int8')]
  return `<h3>Intersection over union by class</h3>${table('IoU by class', heads, [...rows, mean])}`
}
