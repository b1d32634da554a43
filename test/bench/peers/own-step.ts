/** Training steps of ours, the other side of torch_step.py, as one JSON line. Usage: own-step.js NETWORK ACTIVATION[,ACTIVATION…] THREADS STEPS. */
import { type NetworkName, timeSteps } from './bench-step.ts'

const [name, activations, threads, steps] = process.argv.slice(2) as [NetworkName, string, string, string]
const timed = await timeSteps(name, activations.split(','), Number(threads), Number(steps))
process.stdout.write(`${JSON.stringify({ timed, memoryMiB: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`)
