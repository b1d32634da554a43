/** The test images that int8 gets wrong the most: what they look like, and what it said. */
import type { Report, WorstImage } from '../define.ts'
import type { Picture } from '../writers/define.ts'
import { html } from '../writers/escape.ts'
import { grouped, percent } from '../writers/words.ts'

/** In the page itself, so that it stays one file. */
export function worstSection({ worst = [], data, int8 }: Report, pictures: readonly Picture[]): string {
  if (!worst.length) return ''
  const each = pictures.length === worst.length && int8.iou === undefined
  const items = worst.map((image, i) => {
    const picture = each ? `<img alt="test image ${image.sample}" src="${png(pictures[i]!)}">` : ''
    return `<li>${picture}<div><small>test image ${grouped(image.sample)}</small>${saying(image, data.classes)}</div></li>`
  })
  const sheet = each ? '' : pictures.map((picture) => `<img alt="The worst test images beside the truth" src="${png(picture)}">`).join('')
  const what = int8.iou
    ? 'The test images with the lowest mean IoU of their own: the image, the truth, and what int8 says.'
    : 'Wrong answers that stand furthest above the true one.'
  return `<h3>Worst samples</h3><p>${what}</p><ul class="worst">${items.join('')}</ul>${sheet ? `<p class="sheet">${sheet}</p>` : ''}\n`
}

function saying(image: WorstImage, classes: readonly string[]): string {
  if ('meanIou' in image) return `mean IoU <b>${percent(image.meanIou)}</b>, pixels right ${percent(image.accuracy)}`
  const name = (c: number) => `<bdi>${html(classes[c] ?? `${c}`, 40)}</bdi>`
  return `taken for <b>${name(image.predicted)}</b> (${image.score.toFixed(2)}), is ${name(image.actual)} (${image.scoreOfActual.toFixed(2)})`
}

function png(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return `data:image/png;base64,${btoa(text)}`
}
