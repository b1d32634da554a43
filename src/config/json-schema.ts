/** The schemas of project files and experiments for editors. */
import { z } from 'zod'
import { experimentSchema } from './experiment-schema.ts'
import { projectSchema } from './schema.ts'

const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`

/** JSON Schema 2020-12 of what a user writes, as the text of `schemas/project.schema.json`. */
export const projectJsonSchema = (): string => text({ title: 'Peapod project', ...z.toJSONSchema(projectSchema, { io: 'input' }) })

/** The same of an experiment, `schemas/experiment.schema.json`: a preset brings networks of its own. */
export const experimentJsonSchema = (): string => {
  const { required: _, ...schema } = z.toJSONSchema(experimentSchema, { io: 'input' })
  return text({ title: 'Peapod experiment', ...schema })
}
