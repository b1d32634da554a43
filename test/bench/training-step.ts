/** Milliseconds a training step of MobileNet-0.25 at 32 x 32, batch 64, on 1 and 2 threads: `node test/bench/training-step.ts` after make build. */
import { layers, model as makeModel, input as makeInput, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
