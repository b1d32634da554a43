/** Flatten and Reshape: the same memory under another shape. */
import type { Value } from '../build.ts'
import type { Room } from './define.ts'

export const reshape: Room = {
  classNames: ['Flatten', 'Reshape'],
  build(build, { layer, shape }, [x]) {
    const y: Value = { ...x!, name: layer.name, shape, gradient: undefined }
    build.onBack(() => {
      if (y.gradient) build.give(x!, y.gradient)
    })
    return y
  },
}
