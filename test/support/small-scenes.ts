/** A small segmentation folder in CamVid's layout: sky above road, a car on it; written once, drawn from a seed. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { bits, key } from '../../src/graph/math/random.ts'

export const sceneClasses = ['sky', 'road', 'car']
const colours = [[120, 170, 240], [90, 90, 95], [210, 40, 40]] as const // biome-ignore format: a table

/** Height and width before padding to multiples of 8. */
export const sceneSize = [24, 30] as const

/** `train` frames of two films and `val` frames; the border of each car is unlabelled (255). */
export async function writeSmallScenes(path: string, { train = 32, val = 6 } = {}): Promise<string> {
  const [height, width] = sceneSize
  for (const [part, count] of Object.entries({ train, val })) {
    await mkdir(join(path, part), { recursive: true })
    await mkdir(join(path, `${part}annot`), { recursive: true })
    for (let n = 0; n < count; n++) {
      const draw = (i: number, below: number) => bits(key(part === 'train' ? 1 : 2, 'test', n), i) % below
      const [horizon, left, top] = [8 + draw(0, 6), draw(1, width - 10), 12 + draw(2, 5)]
      const image = new Uint8Array(height * width * 3)
      const mask = new Uint8Array(height * width)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [inX, inY] = [x - left, y - top]
          const car = inX >= 0 && inX < 9 && inY >= 0 && inY < 6
          const label = car ? 2 : y < horizon ? 0 : 1
          const at = y * width + x
          mask[at] = car && (inX === 0 || inY === 0) ? 255 : label
          for (let c = 0; c < 3; c++) image[at * 3 + c] = Math.min(255, colours[label]![c]! + (bits(key(3, 'test', n), at * 3 + c) % 24))
        }
      const name = `${n % 2 ? 'b' : 'a'}_${String(n).padStart(3, '0')}.png`
      const raw = (channels: 1 | 3) => ({ raw: { width, height, channels } })
      await sharp(image, raw(3))
        .png()
        .toFile(join(path, part, name))
      await sharp(mask, raw(1))
        .toColourspace('b-w')
        .png()
        .toFile(join(path, `${part}annot`, name))
    }
  }
  await writeFile(join(path, 'labels.txt'), `${sceneClasses.join('\n')}\n`)
  return path
}
