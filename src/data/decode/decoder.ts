/** The one thread of this process that decodes images; it never keeps the process alive. */
import { createRequire } from 'node:module'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { workerSource } from './worker-source.ts'

let port: MessagePort | undefined
let streams = 0
const said = new Map<string, string>()

export const nextStream = (): number => streams++

export function post(message: unknown): void {
  port ??= start()
  port.postMessage(message)
}

function start(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  const sharp = createRequire(import.meta.url).resolve('sharp')
  const worker = new Worker(workerSource, { eval: true, execArgv: [], workerData: { sharp, port: port2 }, transferList: [port2] })
  worker.unref()
  port1.unref()
  return port1
}

/** What the thread said of a slot that failed. */
export function complaint(stream: number, slot: number): string {
  for (let got = port && receiveMessageOnPort(port); got; got = receiveMessageOnPort(port!))
    said.set(`${got.message.stream} ${got.message.slot}`, got.message.message)
  const name = `${stream} ${slot}`
  const text = said.get(name) ?? 'the decoder gave no reason'
  said.delete(name)
  return text
}
