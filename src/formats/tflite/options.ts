/** An operator's options table, read and written by the slots that its room states: the same loop for every operator. */
import type { Builder, ByteBuffer } from 'flatbuffers'
import type { Attrs } from '../../graph/ir/graph.ts'
import type { AnyOp, Field } from '../../graph/ops/define.ts'
import type { Layout } from './layout.ts'
import { corrupt } from './refuse.ts'

type Kind = Field<unknown>['kind']

const schemaTypes: Readonly<Record<Kind, string>> = { i32: 'int', f32: 'float', bool: 'bool', enum: 'byte', 'i32[]': '[int]' }

const fieldsOf = (op: AnyOp): [string, Field<any>][] => Object.entries(op.attrs as Record<string, Field<any>>)

/** The table as the guard walks it; slots that the room does not name are walked as bytes. */
export function optionsLayout(op: AnyOp): Layout {
  const fields = fieldsOf(op)
  const slots = fields.reduce((most, [, f]) => Math.max(most, f.slot + 1), 0)
  const layout = Array.from({ length: slots }, (_, slot) => {
    const field = fields.find(([, f]) => f.slot === slot)
    return field ? [field[0], schemaTypes[field[1].kind]] : [`slot ${slot}`, 'ubyte']
  })
  return Object.fromEntries(layout)
}

const readers: Readonly<Record<Kind, (bb: ByteBuffer, at: number) => unknown>> = {
  i32: (bb, at) => bb.readInt32(at),
  f32: (bb, at) => bb.readFloat32(at),
  bool: (bb, at) => bb.readInt8(at) !== 0,
  enum: (bb, at) => bb.readUint8(at),
  'i32[]': (bb, at) => Array.from({ length: bb.__vector_len(at) }, (_, i) => bb.readInt32(bb.__vector(at) + 4 * i)),
}

/** All attributes of a room from the table at `table`, defaults where a slot or (at -1) the whole table is absent. */
export function readOptions(op: AnyOp, bb: ByteBuffer, table: number, place: string): Attrs {
  return Object.fromEntries(
    fieldsOf(op).map(([name, field]) => {
      const offset = table < 0 ? 0 : bb.__offset(table, 4 + 2 * field.slot)
      if (!offset) return [name, field.default]
      const raw = readers[field.kind](bb, table + offset)
      if (field.kind === 'f32' && !Number.isFinite(raw))
        throw corrupt(`${place}.${name}`, 'is no number', String(raw), 'a finite number', table + offset)
      if (!field.values) return [name, raw]
      const word = field.values[raw as number]
      if (word === undefined)
        throw corrupt(`${place}.${name}`, 'is none of its words', String(raw), `0 to ${field.values.length - 1}`, table + offset)
      return [name, word]
    }),
  )
}

/** A default that equals nothing, so that every field is written: a reader then needs no opinion on defaults. */
const written = Number.NaN

/** Writes the table of a room that has one; returns its offset. */
export function writeOptions(op: AnyOp, attrs: Attrs, builder: Builder): number {
  const fields = fieldsOf(op)
  const vectors = new Map(fields.filter(([, f]) => f.kind === 'i32[]').map(([name]) => [name, int32Vector(builder, attrs[name])]))
  builder.startObject(fields.reduce((most, [, f]) => Math.max(most, f.slot + 1), 0))
  for (const [name, { slot, kind, values }] of fields) {
    const value = attrs[name]
    if (kind === 'i32') builder.addFieldInt32(slot, value, written)
    else if (kind === 'f32') builder.addFieldFloat32(slot, value, written)
    else if (kind === 'bool') builder.addFieldInt8(slot, Number(value), written)
    else if (kind === 'enum') builder.addFieldInt8(slot, values!.indexOf(value), written)
    else builder.addFieldOffset(slot, vectors.get(name)!, 0)
  }
  return builder.endObject()
}

function int32Vector(builder: Builder, values: readonly number[]): number {
  if (values.length === 0) return 0
  builder.startVector(4, values.length, 4)
  for (const value of values.toReversed()) builder.addInt32(value)
  return builder.endVector()
}
