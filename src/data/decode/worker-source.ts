/** The thread that decodes images, as text: Node 20 starts no TypeScript. It answers through shared memory, so that a reader can wait for it. */

/** States of a slot. */
export const empty = 0
export const pending = 1
export const ready = 2
export const failed = 3

/** A class that a mask must not have, in a table of classes. */
export const unknownClass = 254

/** Images: turned as their EXIF says, without transparency, sRGB, brought to a size, edge pixels repeated to the right and below. Masks: nearest pixel. */
export const workerSource = `
const { workerData } = require('node:worker_threads')
const { port } = workerData
const sharp = require(workerData.sharp)
sharp.cache(false)
const streams = new Map()

async function image({ height, width, right, below }, path, into) {
  const made = sharp(path, { limitInputPixels: 100000000 }).rotate().flatten().toColourspace('srgb').removeAlpha().resize(width, height, { fit: 'fill' })
  into.set(await (right || below ? made.extend({ right, bottom: below, extendWith: 'copy' }) : made).raw().toBuffer())
}

async function mask({ height, width, right, below, table }, path, imagePath, into) {
  const file = sharp(path, { limitInputPixels: 100000000 })
  const { channels, depth, paletteBitDepth } = await file.metadata()
  if (channels !== 1 || depth !== 'uchar' || paletteBitDepth) throw new Error('a mask has one 8-bit channel of class indices, this one has ' + channels + ' of ' + depth + (paletteBitDepth ? ', from a palette' : ''))
  const { data, info } = await file.raw().toBuffer({ resolveWithObject: true })
  const { autoOrient: its } = await sharp(imagePath).metadata()
  if (its.width !== info.width || its.height !== info.height) throw new Error('the mask is ' + info.width + ' x ' + info.height + ', its image ' + its.width + ' x ' + its.height)
  into.fill(255)
  const across = width + right
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * info.height) / height) * info.width
    for (let x = 0; x < width; x++) {
      const value = data[(row + Math.floor(((x + 0.5) * info.width) / width)) * info.channels]
      if (table[value] === ${unknownClass}) throw new Error('the mask has the class ' + value + ', which has no name')
      into[y * across + x] = table[value]
    }
  }
}

async function decode({ stream, slot, index }) {
  const { options, items, memory, states } = streams.get(stream)
  const [images, masks] = [options.imageBytes, options.itemBytes - options.imageBytes]
  const at = slot * options.itemBytes
  try {
    await image(options, items[index].image, new Uint8Array(memory, at, images))
    if (masks) await mask(options, items[index].mask, items[index].image, new Uint8Array(memory, at + images, masks))
    Atomics.store(states, slot, 2)
  } catch (error) {
    port.postMessage({ stream, slot, message: String(error && error.message).split('\\n')[0] })
    Atomics.store(states, slot, 3)
  }
  Atomics.notify(states, slot)
}

port.on('message', (message) => {
  if (message.items) streams.set(message.stream, message)
  else if (message.close) streams.delete(message.stream)
  else decode(message)
})
`
