/** The project file's schema for editors. */
import { z } from 'zod'
import { projectSchema } from './schema.ts'

/** JSON Schema 2020-12 of what a user writes, as the text of `schemas/project.schema.json`. */
export const projectJsonSchema = (): string =>
  `${JSON.stringify({ title: 'Peapod project', ...z.toJSONSchema(projectSchema, { io: 'input' }) }, null, 2)}\n`
