/** The classes of the embedded data set: a plate and what stands on it. Signs of one plate differ in the pictogram alone. */
import * as pictogram from './pictograms.ts'
import { type Ink, type Layer, plates } from './plates.ts'
import type { Shape } from './shapes.ts'

export type Sign = { readonly name: string; readonly layers: readonly Layer[] }

const on =
  (plate: readonly Layer[]) =>
  (name: string, ...marks: readonly (readonly [Ink, readonly Shape[]])[]): Sign => ({
    name,
    layers: [...plate, ...marks.map(([ink, shapes]) => ({ ink, shapes }))],
  })
const prohibition = on(plates.prohibition)
const danger = on(plates.danger)
const mandatory = on(plates.mandatory)

/** In the order of the labels. */
export const signs: readonly Sign[] = [
  on(plates.stop)('stop', ['white', pictogram.stopText]),
  on(plates.yield)('yield'),
  on(plates.noEntry)('no entry', ['white', pictogram.bar]),
  on(plates.priority)('priority road'),
  prohibition('speed limit 30', ['black', pictogram.number('30')]),
  prohibition('speed limit 50', ['black', pictogram.number('50')]),
  prohibition('speed limit 60', ['black', pictogram.number('60')]),
  prohibition('speed limit 80', ['black', pictogram.number('80')]),
  prohibition('no overtaking', ['red', pictogram.carLeft], ['black', pictogram.carRight], ['white', pictogram.windscreens]),
  on(plates.release)('end of limits', ['grey', pictogram.released]),
  danger('danger', ['black', pictogram.exclamation]),
  danger('curve left', ['black', pictogram.curveLeft]),
  danger('curve right', ['black', pictogram.curveRight]),
  danger('crossroads', ['black', pictogram.crossroads]),
  danger('children', ['black', pictogram.children]),
  mandatory('turn left', ['white', pictogram.turnLeft]),
  mandatory('turn right', ['white', pictogram.turnRight]),
  mandatory('keep right', ['white', pictogram.keepRight]),
  mandatory('roundabout', ['white', pictogram.roundabout]),
  on(plates.information)('pedestrian crossing', ['white', pictogram.crossingGround], ['black', pictogram.crossing]),
]
