/** TensorFlow.js in this process: imported for its effect, a backend on which models can be built at once. */
import '@tensorflow/tfjs-backend-cpu'
import { env } from '@tensorflow/tfjs-core'

// Without it tfjs prints an advertisement for another package.
env().set('PROD', true)
