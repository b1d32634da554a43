/** A thread of the pool: does its share of the work that it was started with, then ends. */
import { workerData } from 'node:worker_threads'
import { type Work, work } from './work.ts'

work(workerData as Work, () => false)
