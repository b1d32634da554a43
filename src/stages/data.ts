/** Opens the data set, settles the preprocessing contract, and shows the images on a contact sheet. */
import type { Project } from '../config/schema.ts'
import { contactSheet } from '../data/contact-sheet.ts'
import type { DataSet, SplitName } from '../data/define.ts'
import { findLeaks, type Leaks } from '../data/leaks.ts'
import { openDataSet } from '../data/load.ts'
import { maskSheet } from '../data/mask-sheet.ts'
import { decodePreprocess, encodePreprocess, standardise } from '../data/preprocess.ts'
import { limitedSet, sample } from '../data/sample.ts'
import { withDigest } from '../data/split.ts'
import { defineStage } from './define.ts'
import { masksOf } from './pixel-parts.ts'

export const data = defineStage<'project', 'data'>({
  name: 'data',
  says: 'open the data set',
  key: ({ project }) => ({ ...project.data, files: 3 }),
  make: async ({ project }, { progress }) => {
    const set = await opened(project)
    const { train, validation, test } = set.splits
    progress.note(
      `${set.name}: ${set.classes.length} classes, ${train.count} train, ${validation.count} validation, ${test.count} test images`,
    )
    for (const path of set.skipped ?? []) progress.note(`LEFT OUT: ${path} cannot be read`)
    if (set.skipped) progress.note(`LEFT OUT: ${set.skipped.length} files in all`)
    const leaks = findLeaks(set)
    for (const line of leakNotes(leaks)) progress.note(line)
    const facts = {
      name: set.name,
      classes: set.classes,
      mirrors: set.mirrors,
      ...(set.skipped && { skipped: set.skipped }),
      splits: Object.fromEntries(
        Object.entries(set.splits).map(([name, { count, shape, digest }]) => [name, { count, shape, sha256: digest }]),
      ),
      leaks,
    }
    return {
      'contact-sheet.png': await (train.mask ? masksSheet(set) : contactSheet(set)),
      'data.json': `${JSON.stringify(facts, null, 2)}\n`,
      'preprocess.json': encodePreprocess(standardise(train)),
    }
  },
  load: async (files, { project }) => {
    const facts = JSON.parse(Buffer.from(files['data.json']!).toString()) as Facts
    const preprocess = decodePreprocess(Buffer.from(files['preprocess.json']!).toString())
    return { data: { set: recorded(await opened(project), facts), preprocess, leaks: facts.leaks } }
  },
})

/** Images of the training split beside the classes of their pixels. */
function masksSheet({ classes, splits: { train } }: DataSet): Promise<Uint8Array> {
  const rows = Array.from(sample(train, sheetRows, 0), (index) => ({ index, masks: [masksOf(train, index, 1)] }))
  return maskSheet(train, classes, ['image', 'classes'], rows)
}

const sheetRows = 6

type Facts = { readonly leaks: Leaks; readonly splits: Readonly<Record<SplitName, { readonly sha256: string }>> }

/** Rendering nine thousand images only to name them takes seconds: their recorded digests do. Files are read anew, since they may have changed. */
function recorded(set: DataSet, { splits }: Facts): DataSet {
  if (!set.rendered) return set
  const named = (name: SplitName) => withDigest(set.splits[name], splits[name].sha256)
  return { ...set, splits: { train: named('train'), validation: named('validation'), test: named('test') } }
}

function leakNotes({ trainTest, validationTest, trainValidation, examples }: Leaks): string[] {
  const counts = [
    [trainTest, 'test images also stand in train'],
    [validationTest, 'test images also stand in validation'],
    [trainValidation, 'validation images also stand in train'],
  ] as const
  const said = counts.flatMap(([n, what]) => (n ? [`LEAK: ${n} ${what}, byte for byte`] : []))
  return said.length ? [...said, `such as ${examples.join('; ')}`] : []
}

/** Rendering or unpacking takes seconds: once a project. */
const held = new WeakMap<Project, Promise<DataSet>>()

function opened(project: Project): Promise<DataSet> {
  const open = async (): Promise<DataSet> => {
    const { source, seed, limit, skipCorrupt } = project.data
    const all = await openDataSet(source, { seed, ...(skipCorrupt !== undefined && { skipCorrupt }) })
    const set = limit === undefined ? all : limitedSet(all, limit, seed)
    return project.data.mirror === undefined ? set : { ...set, mirrors: project.data.mirror }
  }
  const set = held.get(project) ?? open()
  held.set(project, set)
  return set
}
