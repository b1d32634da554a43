/** One image of a split as a small PNG: a small image in whole pixels, a large one brought to size. */
import sharp from 'sharp'
import type { Split } from './define.ts'

/** The longer side, in pixels: eight of them stay below 300 KB. */
const side = 96

export async function thumbnail(split: Split, index: number): Promise<Uint8Array> {
  const [height, width, channels] = split.shape
  const image = new Uint8Array(height * width * channels)
  split.read(index, image, 0)
  const longer = Math.max(height, width)
  const scale = longer > side ? side / longer : Math.max(1, Math.floor(side / longer))
  return sharp(image, { raw: { height, width, channels: channels as 1 | 3 } })
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), {
      fit: 'fill',
      kernel: scale >= 1 ? 'nearest' : 'lanczos3',
    })
    .png({ compressionLevel: 9 })
    .toBuffer()
}
