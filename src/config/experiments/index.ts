// One line per experiment of the paper. The namespace of this file is the registry.
export { table1 } from './table-1.ts'
export { table2 } from './table-2.ts'
export { table3 } from './table-3.ts'
export { table4 } from './table-4.ts'
export { table5 } from './table-5.ts'
export { table6 } from './table-6.ts'
