/** Runs the file elsewhere: latency, and agreement over the test set. */
import { roundingOf } from '../device/agreement/rounding-of.ts'
import { worstFiles, worstPixelFiles } from '../device/agreement/worst-files.ts'
import type { Agreement } from '../device/define.ts'
import { measureLatency } from '../device/latency/measure.ts'
import { openRunner, runnerKind } from '../device/open.ts'
import { forecast, type VerifyInputs, verifyOn } from '../device/verify.ts'
import { verifyParts } from '../device/verify-parts.ts'
import { DeviceError } from '../errors.ts'
import { executeAll } from '../execute/pool/execute-all.ts'
import { readTflite } from '../formats/tflite/read.ts'
import type { Rounding } from '../graph/ops/define.ts'
import { redact } from '../redact.ts'
import type { Report } from '../report/define.ts'
import { scoreWords } from '../report/score-words.ts'
import { grouped, milliseconds, percent } from '../report/writers/words.ts'
import type { Files } from '../runs/folder.ts'
import { defineStage, type State, type World } from './define.ts'
import { quantisedInputs } from './inputs.ts'
import { keptByRunner } from './kept-outputs.ts'
import { partsOfPixels } from './pixel-parts.ts'

const timeoutMs = 120_000
/** A run of many devices meets another at a board now and then: it queues. */
const waitMs = 600_000

type Needs = Pick<State, 'project' | 'data' | 'model' | 'executed'>

export const verify = defineStage<'project' | 'data' | 'model' | 'executed', 'runs'>({
  name: 'verify',
  says: 'run the file on the runner',
  key: ({ project, data, model }) => ({ runner: project.runner, model: model.sha256, test: data.set.splits.test.digest }),
  make: async (state, world) => {
    const runners = [state.project.runner].flat()
    const kept = await keptByRunner(world.scratch)
    // What runs on this machine runs one after the other, since each would slow the other's times; devices run side by side.
    const here = runners.filter((uri) => !runnerKind(uri).device)
    const lanes = [...(here.length ? [here] : []), ...runners.filter((uri) => !here.includes(uri)).map((uri) => [uri])]
    const made = await Promise.allSettled(
      lanes.map(async (lane) => {
        const all: { uri: string; run: Report['runs'][number]; files: Files }[] = []
        for (const uri of lane) all.push({ uri, ...(await runOn(uri, state, { ...world, kept: kept(uri) })) })
        return all
      }),
    )
    const failed = made.flatMap((lane) => (lane.status === 'rejected' ? [lane.reason as unknown] : []))
    if (failed.length) throw failed.length === 1 ? failed[0] : together(failed)
    const done = made.flatMap((lane) => (lane.status === 'fulfilled' ? lane.value : []))
    done.sort((a, b) => runners.indexOf(a.uri) - runners.indexOf(b.uri))
    const folder = (n: number) => (runners.length > 1 ? `runner-${n + 1}-` : '')
    const files = done.flatMap((each, n) => Object.entries(each.files).map(([name, content]) => [`${folder(n)}${name}`, content] as const))
    return {
      ...Object.fromEntries(files),
      'runs.json': `${JSON.stringify(
        done.map(({ run }) => run),
        null,
        2,
      )}\n`,
    }
  },
  load: async (files) => ({ runs: JSON.parse(Buffer.from(files['runs.json']!).toString()) as Report['runs'] }),
})

async function runOn(
  uri: string,
  { data, model, executed }: Needs,
  { progress, signal, threads, kept }: World & { kept: ReturnType<Awaited<ReturnType<typeof keptByRunner>>> },
) {
  const graph = readTflite(model.bytes)
  const { test } = data.set.splits
  const runner = await openRunner(uri, { timeoutMs, waitMs, signal, note: progress.note })
  const [input, output] = [graph.tensors[graph.inputs[0]!]!, graph.tensors[graph.outputs[0]!]!]
  /** What we answer as that runner rounds, so that what remains are differences of its own. */
  async function answersBy(rounding: Rounding): Promise<VerifyInputs> {
    const inputs = quantisedInputs(graph, data.preprocess, test)
    const here = rounding === 'tflm' ? executed.outputs! : await executeAll(graph, inputs, { threads, rounding })
    return { inputs: new Uint8Array(inputs.buffer), labels: test.labels, here, output }
  }
  try {
    const measurement = await measureLatency(runner, model.bytes, new Uint8Array(quantisedInputs(graph, data.preprocess, test, 1).buffer))
    const long = forecast(measurement.description, test.count)
    if (long) progress.note(long)
    const onProgress = (done: number) => progress.bar({ label: 'verify', done, total: test.count, says: 'images' })
    const rounding = roundingOf(measurement.description)
    const given: VerifyInputs | undefined = executed.outputs && (await answersBy(rounding))
    const onPartial = async (partial: Agreement) => progress.note(partialText(partial))
    const world = { kept, model: model.sha256, onProgress, onPartial }
    const parts = partsOfPixels(graph, data.preprocess, test, { threads, rounding })
    const agreement = given ? await verifyOn(runner, given, world) : await verifyParts(runner, parts, world)
    progress.note(
      `${measurement.runner} median ${milliseconds(measurement.latency.medianMs)}${measurement.latency.unstable ? ' (unstable)' : ''}, ${scoreWords(agreement)}, agreement ${percent(agreement.agreement)}`,
    )
    return {
      run: { runner: redact(uri), measurement, agreement, ...(rounding !== 'tflm' && { rounding }) },
      files: given ? worstFiles(agreement, given, input) : worstPixelFiles(agreement, parts, input),
    }
  } finally {
    await runner.close()
  }
}

export const partialText = ({ runner, samples, partial, agreement }: Agreement): string =>
  `${runner} PARTIAL: ${grouped(samples)} of ${grouped(partial?.of ?? samples)} images came back and are kept, same class on ${percent(agreement)} of them; the same command goes on from there`

/** The first error, with the rest beside it: one that is the user's comes before those of devices. */
function together(errors: readonly unknown[]): unknown {
  const other = errors.find((error) => !(error instanceof DeviceError))
  if (other) return other
  const [first, ...rest] = errors as DeviceError[]
  const { code, message, hint, found, expected } = first!
  const says = [message, ...rest.map((error) => error.message)].join('; ')
  return new DeviceError(code, says, { ...(hint && { hint }), ...(found && { found }), ...(expected && { expected }), cause: first })
}
