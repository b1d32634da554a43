/** Replies over a wire: late and double ones answer nothing, changed ones are named. */
import { createHash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { frames } from '../src/device/runners/python/frames.ts'

function wire() {
  const [to, from] = [new PassThrough(), new PassThrough()]
  to.resume()
  const reply = (fields: object, payload = Buffer.alloc(0)) => {
    const line = JSON.stringify({ ...fields, bytes: payload.length })
    const sealed = createHash('sha256').update(line).update(payload).digest('hex')
    from.write(Buffer.concat([Buffer.from(`${sealed} ${line}\n`), payload]))
  }
  return { ...frames(to, from, new Promise(() => {}), 1_000), reply, from }
}

test('a reply that comes twice does not answer the next request', async () => {
  const { ask, reply } = wire()
  for (const copy of [1, 2]) reply({ number: 1, copy }, Buffer.of(1))
  reply({ number: 2 }, Buffer.of(2))
  expect((await ask({ verb: 'invoke' })).payload).toEqual(Uint8Array.of(1))
  expect((await ask({ verb: 'invoke' })).payload).toEqual(Uint8Array.of(2))
})

test.each([
  ['without a number', {}],
  ['of a request that was never made', { number: 7 }],
  ['to a request that changed on its way', { garbled: 1 }],
])('a reply %s is garbled', async (_, fields) => {
  const { ask, reply } = wire()
  reply(fields)
  await expect(ask({ verb: 'load' })).rejects.toMatchObject({ code: 'wire-garbled', exitCode: 3 })
})

test('double replies alone end in a timeout', async () => {
  const { ask, reply } = wire()
  reply({ number: 1 })
  reply({ number: 1 })
  await ask({ verb: 'describe' })
  await expect(ask({ verb: 'load' })).rejects.toMatchObject({ code: 'runtime-timeout' })
})
